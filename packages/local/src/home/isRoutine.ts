/**
 * Whether a log line of a function is routine or only feeds CloudWatch metrics.
 * Such lines are left out, because the functions that the clock starts each
 * minute would otherwise hide important lines.
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
