export const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const
export type LogLevel = (typeof levels)[number]

/**
 * What a line may say beside its message. The list is closed on purpose: a
 * signed payload is money to whoever reads the log, so there is no field for
 * an event, an amount, a payload or a signature, at any level.
 */
export type LogFields = {
  request_id?: string | undefined
  /** The alias through which the function was invoked. */
  caller?: string | undefined
  operation?: string | undefined
  key_id?: string | undefined
  network?: string | undefined
  chain_id?: number | undefined
  /** What KMS signed. */
  digest?: string | undefined
  /** The transaction's. */
  hash?: string | undefined
  /** Of the ledger. */
  transaction_id?: string | undefined
  /** How far a transaction came. */
  status?: string | undefined
  nonce?: number | undefined
  /** Joins this line with CloudTrail's record of the call. */
  kms_request_id?: string | undefined
  /** The first digits of the SHA-256 of the policy that decided. */
  policy?: string | undefined
  decision?: 'allow' | 'deny' | undefined
  mode?: 'enforce' | 'shadow' | undefined
  rule?: string | undefined
  purpose?: string | undefined
  error?: string | undefined
  code?: string | undefined
  /** Paths of the fields that were refused, without their values. */
  fields?: readonly string[] | undefined
  duration_ms?: number | undefined
}

type Write = (message: string, fields?: LogFields) => void

export type Log = Record<'debug' | 'info' | 'warn' | 'error', Write> & {
  /** What the key was used for, as INFO: written whatever the level is. */
  audit: Write
  /** A line of CloudWatch's embedded metric format, whatever the level is. */
  metric(line: string): void
}

/**
 * A log of one JSON object a line. It writes to standard output itself: the
 * runtime's `console` would wrap each line in another one. Lambda goes by
 * `level` and `timestamp`, and takes a line without them for INFO.
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
