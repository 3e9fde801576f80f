import type { FunctionRecord, LogLevel } from './FunctionRecord.js'

const levels: readonly LogLevel[] = [
  'TRACE',
  'DEBUG',
  'INFO',
  'WARN',
  'ERROR',
  'FATAL',
]
const timestamp =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Whether Lambda writes a line that the function logged. In JSON format, it
 * drops lines below the level. A line that isn't JSON, or has no known `level`
 * or `timestamp`, counts as INFO.
 */
export function passesLevel(
  { logFormat, applicationLogLevel }: FunctionRecord,
  line: string,
): boolean {
  if (logFormat !== 'JSON') return true
  return levels.indexOf(levelOf(line)) >= levels.indexOf(applicationLogLevel)
}

function levelOf(line: string): LogLevel {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'INFO'
  }
  const given = (value ?? {}) as { level?: unknown; timestamp?: unknown }
  const level = levels.find((each) => each === given.level)
  const isDated =
    typeof given.timestamp === 'string' && timestamp.test(given.timestamp)
  return level !== undefined && isDated ? level : 'INFO'
}
