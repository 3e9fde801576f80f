export const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const
export type LogLevel = (typeof levels)[number]

/**
 * The fields of a line besides its message. The list is deliberately closed,
 * because a signed payload is worth money to anyone who reads the log. So there
 * is no field for an event, an amount, a payload or a signature, at any level.
 */
export type LogFields = {
  request_id?: string | undefined
  /** The alias through which the function was invoked. */
  caller?: string | undefined
  operation?: string | undefined
  key_id?: string | undefined
  network?: string | undefined
  chain_id?: number | undefined
  /** The digest that KMS signed. */
  digest?: string | undefined
  /** The transaction's hash. */
  hash?: string | undefined
  /** Id in the ledger. */
  transaction_id?: string | undefined
  /** The state of a transaction. */
  status?: string | undefined
  nonce?: number | undefined
  /** Links this line to CloudTrail's record of the call. */
  kms_request_id?: string | undefined
  /** The first digits of the SHA-256 of the policy that decided. */
  policy?: string | undefined
  decision?: 'allow' | 'deny' | undefined
  mode?: 'enforce' | 'shadow' | undefined
  rule?: string | undefined
  purpose?: string | undefined
  error?: string | undefined
  code?: string | undefined
  /** Paths of the refused fields, without their values. */
  fields?: readonly string[] | undefined
  duration_ms?: number | undefined
}

type Write = (message: string, fields?: LogFields) => void

export type Log = Record<'debug' | 'info' | 'warn' | 'error', Write> & {
  /** Logs a use of the key as INFO, regardless of the log level. */
  audit: Write
  /**
   * Writes a line in CloudWatch's embedded metric format, regardless of the log
   * level.
   */
  metric(line: string): void
}

/**
 * A log with one JSON object per line. It writes to standard output itself,
 * because the runtime's `console` would wrap each line in another object.
 * Lambda uses `level` and `timestamp`, and treats a line without them as INFO.
 */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Log {
  const least = levels.indexOf(level)
  const writeAt =
    (level: LogLevel): Write =>
    (message, fields = {}) => {
      const timestamp = new Date().toISOString()
      write(`${JSON.stringify({ level, timestamp, message, ...fields })}\n`)
    }
  const at = (name: LogLevel): Write =>
    levels.indexOf(name) < least ? () => {} : writeAt(name)
  return {
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    audit: writeAt('INFO'),
    metric: (line) => write(`${line}\n`),
  }
}
