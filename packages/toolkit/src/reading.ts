const refused = new WeakSet<object>()

/**
 * Reads what was typed. What it throws is the fault of who typed it: the
 * command was used wrongly, and ends with exit code 2.
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

/** Whether an error says that something typed was refused. */
export function isUsage(error: unknown): boolean {
  return refused.has(error as object)
}
