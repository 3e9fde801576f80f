const refused = new WeakSet<object>()

/**
 * Parses user input. Any error that this throws is a usage error, with exit
 * code 2.
 */
export async function reading<value>(
  read: () => value | Promise<value>,
): Promise<value> {
  try {
    return await read()
  } catch (error) {
    refused.add(error as object)
    throw error
  }
}

/** Whether an error means that the user's input was refused. */
export function isUsage(error: unknown): boolean {
  return refused.has(error as object)
}
