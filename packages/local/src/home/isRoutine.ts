/**
 * Whether a line of a function's log tells that all went as ever, or is for
 * CloudWatch to make metrics of: what the clock starts each minute would
 * otherwise hide what people are to see.
 */
export function isRoutine(line: string): boolean {
  if (line.startsWith('{"_aws":')) return true
  let entry: Record<string, unknown>
  try {
    entry = Object(JSON.parse(line))
  } catch {
    return false
  }
  const { level, type, record } = entry
  if (type === 'platform.start') return true
  if (type === 'platform.report') return Object(record).status === 'success'
  return level === 'DEBUG' || level === 'INFO'
}
