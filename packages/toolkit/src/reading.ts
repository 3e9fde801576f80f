const refused = new WeakSet<object>()

/**
 * Parses user input. Any error it throws is a usage error and ends with exit
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

/** Whether an error means that user input was refused. */
export function isUsage(error: unknown): boolean {
  return refused.has(error as object)
}
