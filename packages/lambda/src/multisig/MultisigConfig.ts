import { AddressField, type Parser, Problems, Quantity } from '@keyward/core'
import { Danger, SafeFile } from '@keyward/safe'
import {
  type CommonConfig,
  type Config,
  type Environment,
  InvalidConfigError,
  parseCallers,
  parseFlag,
  parseTable,
  type Read,
  readCommon,
  readConfig,
} from '../runtime/config.js'
import {
  type ChainConfig,
  readChain,
  withChain,
} from '../sending/SendingConfig.js'

/** The configuration of the coordinator and the co-signers. */
type SafeConfig = ChainConfig & {
  /** The Safe and its pins; undefined before the Safe is created. */
  file: SafeFile.SafeFile | undefined
  rules: Danger.Rules
}

/** The configuration of an owner's function. */
export type CosignerConfig = Config &
  SafeConfig & {
    /** Undefined for an owner that is deployed alone and signs bundles. */
    table: string | undefined
    proposerMayApprove: boolean
  }

/** The configuration of the function without a key. */
export type CoordinatorConfig = CommonConfig &
  SafeConfig & {
    table: string
    /** ARN of the coordinator's alias of the relayer. */
    relayerFunction: string
    lifetimeMs: number
    /** The approvers of an owner, by the names of their aliases. */
    approvers: readonly string[]
    /** Number of owners with keys in the same account. */
    ownersBeside: number
  }

/** @throws InvalidConfigError naming every wrong variable. */
export function readCosigner(environment: Environment): CosignerConfig {
  return assertChain(
    readConfig<Omit<CosignerConfig, keyof Config>>(
      withChain(environment),
      (read) => ({
        ...readSafe(read),
        table: read.optional('PROPOSAL_TABLE', parseTable),
        proposerMayApprove: read('PROPOSER_MAY_APPROVE', parseFlag, false),
      }),
    ),
  )
}

/** @throws InvalidConfigError naming every wrong variable. */
export function readCoordinator(environment: Environment): CoordinatorConfig {
  return assertChain(
    readCommon<Omit<CoordinatorConfig, keyof CommonConfig>>(
      withChain(environment),
      (read) => ({
        ...readSafe(read),
        table: read('PROPOSAL_TABLE', parseTable),
        relayerFunction: read('RELAYER_FUNCTION', parseFunction),
        lifetimeMs: read('PROPOSAL_HOURS', parseHours, 168 * hourMs),
        approvers: read('APPROVERS', parseCallers, []) ?? [],
        ownersBeside: read('OWNERS_IN_STACK', parseCount, 0),
      }),
    ),
  )
}

function readSafe(read: Read) {
  return {
    ...readChain(read),
    file: read.optional('SAFE', parseSafe),
    rules: {
      open: read('OPEN_DANGERS', parseDangers, []) ?? [],
      openCalls: read('OPEN_CALLS', parseAddresses, []) ?? [],
    },
  }
}

/** @throws InvalidConfigError for a Safe on another chain */
function assertChain<config extends CommonConfig & SafeConfig>(
  config: config,
): config {
  const { file, network } = config
  if (file === undefined || file.domain.chainId === network.chainId)
    return config
  const problems = Problems.create('environment')
  problems.add(
    'SAFE',
    `is a Safe on chain ${file.domain.chainId}; allowed: a Safe on chain ${network.chainId} (ETH_NETWORK)`,
  )
  throw new InvalidConfigError(problems)
}

const parseSafe: Parser<SafeFile.SafeFile> = (value, path, problems) => {
  try {
    return SafeFile.fromJson(JSON.parse(String(value)))
  } catch (error) {
    return problems.add(
      path,
      `is not a safe file in JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
}

const split = (value: unknown) =>
  String(value)
    .split(',')
    .map((one) => one.trim())

const parseDangers: Parser<Danger.Danger[]> = (value, path, problems) => {
  const names = split(value)
  const known = names.filter((name) => Object.hasOwn(Danger.dangers, name))
  if (known.length === names.length) return known as Danger.Danger[]
  return problems.wrong(path, value, Danger.names.join(', '))
}

const parseAddresses: Parser<string[]> = (value, path, problems) => {
  const read = split(value).map((one) =>
    AddressField.parseNonZero(one, path, problems),
  )
  return read.filter((one) => one !== undefined)
}

const parseCount: Parser<number> = (value, path, problems) => {
  const count = Quantity.between(0n, 100n)(value, path, problems)
  return count === undefined ? undefined : Number(count)
}

const hourMs = 3_600_000

const parseHours: Parser<number> = (value, path, problems) => {
  const hours = Quantity.between(1n, 8760n)(value, path, problems)
  return hours === undefined ? undefined : Number(hours) * hourMs
}

const parseFunction: Parser<string> = (value, path, problems) =>
  typeof value === 'string' &&
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}:[\w-]{1,128}$/.test(
    value,
  )
    ? value
    : problems.wrong(path, value, "the ARN of a function's alias")
