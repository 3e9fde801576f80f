import { AddressField, type Hex, type Parser, Quantity } from '@keyward/core'
import { isWebhookUrl } from '@keyward/core/aws'
import {
  type Config,
  type Environment,
  parseFlag,
  parseTable,
  type Read,
  readConfig,
} from '../runtime/config.js'
import * as SecretArn from '../secrets/SecretArn.js'

/** A value, or its location. */
type Kept<value> = value | SecretArn.SecretArn

/** The chain's endpoints. */
export type ChainConfig = {
  /** Endpoints in order of preference. */
  rpcUrl: Kept<readonly string[]>
  rpcAuth: Kept<'none' | 'sigv4'>
}

/** `none` before the Safe is created. Until then, nothing is sent. */
export type RelayedSafe = Hex | 'none'

/** The configuration of the functions that send. */
export type SendingConfig = Config &
  ChainConfig & {
    /** Endpoint for signed bytes; undefined if it is `rpcUrl`. */
    sendRpcUrl: Kept<readonly string[]> | undefined
    ledgerTable: string
    /** Maximum wei per gas; undefined for the sender's default. */
    maxFeePerGas: bigint | undefined
    /** Minimum tip in wei per gas; undefined for the network's default. */
    minTip: bigint | undefined
    /**
     * Blocks after which an outcome is final; undefined for the sender's
     * default.
     */
    confirmations: number | undefined
    /**
     * Providers that must agree on an outcome; undefined for the sender's
     * default.
     */
    finalEndpoints: 1 | 2 | undefined
    allowCreation: boolean
    /** The Safe of a relayer; undefined for any other sender. */
    relayedSafe: RelayedSafe | undefined
    /** Limit for one transaction; undefined for the sender's default. */
    maxSignatures: number | undefined
    /**
     * Maximum number of pending foreign transactions; undefined for the
     * sender's default.
     */
    maxForeign: number | undefined
    /** The account's transaction count if the ledger is new. */
    newLedger: bigint | 'any' | undefined
    /** The webhook for final outcomes. */
    webhookUrl: Kept<string> | undefined
    /** Location of the key that signs the webhook's notifications. */
    webhookSecret: SecretArn.SecretArn | undefined
  }

/**
 * Reads the environment of a function that sends. Values that may contain a key
 * are never quoted.
 *
 * @throws InvalidConfigError naming every wrong variable.
 */
export function read(environment: Environment): SendingConfig {
  return readConfig<Omit<SendingConfig, keyof Config>>(
    withChain(environment),
    (read) => ({
      ...readChain(read),
      sendRpcUrl: read.optional('SEND_RPC_URL', parseUrls),
      ledgerTable: read('LEDGER_TABLE', parseTable),
      maxFeePerGas: read.optional(
        'MAX_FEE_GWEI',
        parseGwei('the highest price of one unit of gas'),
      ),
      minTip: read.optional('MIN_TIP_GWEI', parseGwei('the lowest tip')),
      confirmations: read.optional('CONFIRMATIONS', parseConfirmations),
      finalEndpoints: read.optional('FINAL_ENDPOINTS', parseEndpoints),
      allowCreation: read('ALLOW_CONTRACT_CREATION', parseFlag, false),
      relayedSafe: read.optional('RELAYED_SAFE', parseRelayed),
      maxSignatures: read.optional('MAX_SIGNATURES', parseSignatures),
      maxForeign: read.optional('MAX_FOREIGN', parseForeign),
      newLedger: read.optional('NEW_LEDGER', parseNewLedger),
      webhookUrl: read.optional(
        'WEBHOOK_URL',
        parseWebhook(/^(local|31337)$/.test(environment.ETH_NETWORK ?? '')),
      ),
      webhookSecret: read.optional('WEBHOOK_SECRET', parseSecret),
    }),
  )
}

/**
 * Adds the chain from Foundry's variable, under which the local home passes it.
 */
export function withChain(environment: Environment): Environment {
  const rpcUrl = environment.RPC_URL || environment.ETH_RPC_URL
  return { ...environment, RPC_URL: rpcUrl }
}

export function readChain(read: Read) {
  return {
    rpcUrl: read('RPC_URL', parseUrls),
    rpcAuth: read('RPC_AUTH', parseAuth, 'none'),
  }
}

/** Splits the value of RPC_URL, or of its secret, into its URLs. */
export function splitUrls(text: string): string[] {
  return text.split(/[\s,]+/).filter((url) => url !== '')
}

const isUrl = (text: string) => /^https?:\/\/[^\s,]+$/.test(text)

const parseUrls: Parser<Kept<readonly string[]>> = (value, path, problems) => {
  const allowed = `one or more http or https URLs, separated by commas, or ${SecretArn.allowed} that contains them`
  const text = String(value ?? '').trim()
  if (text === '') return problems.wrong(path, undefined, allowed)
  const kept = SecretArn.parse(text)
  if (kept) return kept
  const urls = splitUrls(text)
  return urls.length > 0 && urls.every(isUrl)
    ? urls
    : problems.add(
        path,
        `got ${text.length} characters that are not a URL; allowed: ${allowed}`,
      )
}

const parseAuth: Parser<Kept<'none' | 'sigv4'>> = (value, path, problems) => {
  const text = String(value)
  if (text === 'none' || text === 'sigv4') return text
  const bearer = /^bearer:(.+)$/s.exec(text)?.[1]
  const kept = bearer === undefined ? undefined : SecretArn.parse(bearer)
  return (
    kept ??
    problems.add(
      path,
      `got ${text.length} characters; allowed: none, sigv4, or "bearer:" followed by ${SecretArn.allowed} that contains the token`,
    )
  )
}

const parseGwei =
  (what: string): Parser<bigint> =>
  (value, path, problems) => {
    const [, whole = '', fraction = ''] =
      /^(0|[1-9]\d{0,17})(?:\.(\d{1,9}))?$/.exec(String(value)) ?? []
    const wei = whole === '' ? 0n : BigInt(whole + fraction.padEnd(9, '0'))
    if (wei > 0n) return wei
    return problems.wrong(
      path,
      value,
      `an amount in gwei above 0, such as 150 or 0.05 (${what})`,
    )
  }

const parseConfirmations: Parser<number> = (value, path, problems) => {
  const count = Quantity.between(1n, 10_000n)(value, path, problems)
  return count === undefined ? undefined : Number(count)
}

const parseEndpoints: Parser<1 | 2> = (value, path, problems) => {
  if (value === '1') return 1
  if (value === '2') return 2
  return problems.wrong(path, value, '1 or 2')
}

const parseRelayed: Parser<RelayedSafe> = (value, path, problems) =>
  value === 'none' ? value : AddressField.parseNonZero(value, path, problems)

const parseSignatures: Parser<number> = (value, path, problems) => {
  const count = Quantity.between(1n, 32n)(value, path, problems)
  return count === undefined ? undefined : Number(count)
}

const parseForeign: Parser<number> = (value, path, problems) => {
  if (value === 'unlimited') return Number.POSITIVE_INFINITY
  const count = Quantity.between(0n, 1_000_000n)(value, path, problems)
  return count === undefined ? undefined : Number(count)
}

const parseNewLedger: Parser<bigint | 'any'> = (value, path, problems) =>
  value === 'any'
    ? value
    : Quantity.between(0n, 2n ** 53n)(value, path, problems)

const parseWebhook =
  (isLocal: boolean): Parser<Kept<string>> =>
  (value, path, problems) => {
    const text = String(value)
    const kept = SecretArn.parse(text)
    if (kept) return kept
    if (isWebhookUrl(text, isLocal)) return text
    return problems.add(
      path,
      `got ${text.length} characters; allowed: an https URL of another machine, or ${SecretArn.allowed} that contains it`,
    )
  }

const parseSecret: Parser<SecretArn.SecretArn> = (value, path, problems) =>
  SecretArn.parse(String(value)) ??
  problems.add(
    path,
    `got ${String(value).length} characters; allowed: ${SecretArn.allowed}, never the secret itself`,
  )
