import { createHash } from 'node:crypto'

export type LogFormat = 'JSON' | 'Text'
export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'

export type Files = ReadonlyMap<string, Buffer>

/**
 * The definition of a function: `index.mjs`, companion files, and
 * configuration.
 */
export type FunctionDefinition = {
  name: string
  /** The bundle, stored as `index.mjs`. */
  code: ({ path: string } | { content: Buffer }) & {
    /** Companion files, by name. */
    beside?: Files | undefined
  }
  /** Default `index.handler`. */
  handler?: string
  /** The function runs with the credentials of a session of this role. */
  roleArn: string
  environment?: Readonly<Record<string, string>>
  description?: string
  /** 128 to 10240, default 128. */
  memorySizeMb?: number
  /** 1 to 900, default 3. */
  timeoutS?: number
  /** Default `Text`. */
  logFormat?: LogFormat
  /** With log format JSON, lines below this level are dropped. Default INFO. */
  applicationLogLevel?: LogLevel
  /** Default `/aws/lambda/<name>`. */
  logGroup?: string
  /**
   * Maximum number of concurrent invocations; 0 disables the function. `kept`
   * leaves it unchanged.
   */
  reservedConcurrency?: number | 'kept'
  /**
   * How often a failed asynchronous invocation is retried: 0 to 2, default 2.
   */
  maximumRetryAttempts?: number
}

/** Code and configuration of `$LATEST` or of a published version. */
export type FunctionRecord = {
  name: string
  /** `$LATEST` or a number. */
  version: string
  handler: string
  roleArn: string
  environment: Readonly<Record<string, string>>
  description: string
  memorySizeMb: number
  timeoutS: number
  logFormat: LogFormat
  applicationLogLevel: LogLevel
  /** Undefined: `/aws/lambda/<name>`. */
  logGroup?: string
  /** SHA-256 of the code in hex, which is also the name of its folder. */
  codeSha256: string
  codeSize: number
  /** Milliseconds since 1970. */
  lastModified: number
  revisionId: string
}

export type AliasRecord = {
  name: string
  functionVersion: string
  description: string
  revisionId: string
}

/** The whole record of one function. */
export type FunctionEntry = {
  latest: FunctionRecord
  versions: FunctionRecord[]
  /**
   * The number of the next version. Numbers are never reused, even after
   * versions are deleted.
   */
  nextVersion: number
  aliases: AliasRecord[]
  reservedConcurrency?: number | undefined
  maximumRetryAttempts: number
  /**
   * Settings for asynchronous invocations through a version or alias, by the
   * name of the latter.
   */
  retryAttemptsOf?: Readonly<Record<string, number>>
  /** The statements of its resource policies. */
  permissions?: readonly Permission[]
}

export type Permission = {
  sid: string
  /**
   * The version or alias to which the statement applies; undefined for the
   * function itself.
   */
  qualifier?: string | undefined
  statement: Readonly<Record<string, unknown>>
}

/** The log group of a function. */
export function toLogGroup({
  name,
  logGroup = `/aws/lambda/${name}`,
}: Pick<FunctionRecord, 'name' | 'logGroup'>): string {
  return logGroup
}

/**
 * A UUID that is derived from the content, so that restarts don't change it.
 */
export function toRevisionId(content: unknown): string {
  const hex = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  const part = (from: number, to: number) => hex.slice(from, to)
  return [
    part(0, 8),
    part(8, 12),
    part(12, 16),
    part(16, 20),
    part(20, 32),
  ].join('-')
}
