import {
  AddressField,
  BaseError,
  EtherAmount,
  type Hex,
  Network,
  type Parser,
  Problems,
} from '@keyward/core'
import { type LogLevel, levels } from './log.js'

/** The configuration of every function. */
export type CommonConfig = {
  network: Network.Network
  logLevel: LogLevel
  /** The callers' aliases; undefined if none are configured. */
  callers: readonly string[] | undefined
  /**
   * Whether everyone who may invoke the function is a caller, if no callers are
   * configured.
   */
  anyCaller: boolean
}

/** The configuration of a function with a policy. */
export type GuardConfig = CommonConfig & {
  /** SHA-256 of the function's policy; undefined if it has none. */
  policySha256: string | undefined
  /** The table that counts the policy's windows. */
  guardTable: string | undefined
}

/** The configuration of a function that signs. */
export type Config = GuardConfig & {
  keyId: string
  /** `KEYWARD_ADDRESS`, in lower case: the key must have this address. */
  expectedAddress: Hex | undefined
  /** Highest gas x price, in wei. */
  maxFee: bigint
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads a variable; `absent` is the value if it is not set. */
export type Read = {
  <value>(
    name: string,
    parser: Parser<value>,
    absent?: value,
  ): value | undefined
  optional<value>(name: string, parser: Parser<value>): value | undefined
}

/** The values that were read; undefined if there was a problem. */
type Found<config> = { [name in keyof config]: config[name] | undefined }

/**
 * Reads the environment of a function that signs.
 *
 * @param readMore - Reads settings beyond those of all functions.
 * @throws InvalidConfigError naming every wrong variable.
 */
export function readConfig<more extends object = object>(
  environment: Environment,
  readMore?: (read: Read) => Found<more>,
): Config & more {
  const readKey = (read: Read) => ({
    keyId: read('KMS_KEY_ID', parseKeyId),
    ...readMore?.(read),
    expectedAddress: read.optional(
      'KEYWARD_ADDRESS',
      AddressField.parseNonZero,
    ),
    maxFee: read('MAX_TX_FEE_ETHER', parseFee, 10n ** 18n),
    ...readPolicy(read),
  })
  return readCommon<object>(environment, readKey) as Config & more
}

/**
 * Reads the environment of a function that has a policy and signs nothing.
 *
 * @throws InvalidConfigError naming every wrong variable.
 */
export function readGuardConfig(environment: Environment): GuardConfig {
  const config = readCommon<object>(environment, readPolicy) as GuardConfig
  InvalidConfigError.assertPolicy(config)
  return config
}

const readPolicy = (read: Read) => ({
  policySha256: read.optional('POLICY_SHA256', parseSha256),
  guardTable: read.optional('GUARD_TABLE', parseTable),
})

/**
 * Reads the environment. Empty variables count as absent, because templates set
 * them.
 *
 * @param readMore - Reads settings beyond those of all functions.
 * @throws InvalidConfigError naming every wrong variable.
 */
export function readCommon<more extends object>(
  environment: Environment,
  readMore: (read: Read) => Found<more>,
): CommonConfig & more {
  const problems = Problems.create('environment')
  const textOf = (name: string) => environment[name] || undefined
  const read: Read = (name, parser, absent) => {
    const value = textOf(name)
    return value === undefined && absent !== undefined
      ? absent
      : parser(value, name, problems)
  }
  read.optional = (name, parser) =>
    textOf(name) === undefined ? undefined : read(name, parser)
  const more = readMore(read)
  const network = read('ETH_NETWORK', Network.parse)
  const anyCaller = read('KEYWARD_ANY_CALLER', parseFlag, false)
  const config = {
    ...more,
    network,
    logLevel: read('LOG_LEVEL', parseLevel, 'INFO'),
    callers: read.optional('KEYWARD_CALLERS', parseCallers),
    // On a local chain, nothing has value, so callers need not be configured.
    anyCaller: anyCaller || network?.chainId === 31337,
  }
  if (problems.count() > 0) throw new InvalidConfigError(problems)
  // If there are no problems, every variable was read.
  return config as CommonConfig & more
}

const parseKeyId: Parser<string> = (value, path, problems) => {
  const id = '(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})'
  const alias = 'alias/[a-zA-Z0-9/_-]{1,250}'
  const arn = `arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key/${id}|${alias})`
  if (
    typeof value === 'string' &&
    new RegExp(`^(?:${id}|${alias}|${arn})$`).test(value)
  )
    return value
  return problems.wrong(
    path,
    value,
    'the id or ARN of a KMS key, or an alias (alias/NAME or its ARN)',
  )
}

const parseLevel: Parser<LogLevel> = (value, path, problems) => {
  const level = value === 'WARNING' ? 'WARN' : value
  const known = levels.find((name) => name === level)
  return (
    known ?? problems.wrong(path, value, 'DEBUG, INFO, WARN, WARNING, ERROR')
  )
}

/** `true` or `false`. */
export const parseFlag: Parser<boolean> = (value, path, problems) => {
  if (value === 'true') return true
  if (value === 'false') return false
  return problems.wrong(path, value, 'true or false')
}

const parseFee: Parser<bigint> = (value, path, problems) => {
  const fee = EtherAmount.toWei(value)
  // In other tools, 0 means "no limit"; here, it would refuse everything.
  if (fee !== undefined && fee > 0n) return fee
  return problems.wrong(
    path,
    value,
    'an amount in ether above 0, such as 1 or 0.05 (the highest fee for one transaction: gas x price)',
  )
}

export const parseTable: Parser<string> = (value, path, problems) =>
  typeof value === 'string' &&
  /^(?:arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/)?[\w.-]{3,255}$/.test(
    value,
  )
    ? value
    : problems.wrong(path, value, 'the name or ARN of a DynamoDB table')

const parseSha256: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
    ? value
    : problems.wrong(path, value, 'a SHA-256 in hex')

export const parseCallers: Parser<string[]> = (value, path, problems) => {
  const names = String(value)
    .split(',')
    .map((name) => name.trim())
  const isAlias = (name: string) =>
    /^(?![0-9]+$)(?!status$)[a-zA-Z0-9_-]{1,128}$/.test(name)
  if (names.every(isAlias)) return names
  return problems.wrong(
    path,
    value,
    "names of the function's aliases, separated by commas; not status, which is reserved",
  )
}

/** The function can't start because an environment variable is wrong. */
export class InvalidConfigError extends BaseError {
  constructor(problems: Problems.Problems) {
    super('invalid-config', "The function's environment is not valid.", {
      details: problems.describe(),
    })
    this.name = 'InvalidConfigError'
  }

  /** Only some functions need a policy. @throws InvalidConfigError */
  static assertPolicy({ policySha256 }: Pick<Config, 'policySha256'>): void {
    if (policySha256 !== undefined) return
    const problems = Problems.create('environment')
    problems.add(
      'POLICY_SHA256',
      "is missing; allowed: the SHA-256 of the function's policy, which keyward deploy --policy FILE sets. Without a policy, this function signs nothing",
    )
    throw new InvalidConfigError(problems)
  }
}
