import { isWebhookUrl } from '@keyward/core/aws'
import { quote } from '@keyward/iam/quote'
import { joinNames } from './joinNames.js'
import { isSecretArn, secretForm } from './secretArns.js'

// Checks the functions' environment at synth. A function with a wrong
// environment would fail only when it is first invoked.

/** @throws Error */
export function assertAddress(address: string, name = 'address'): string {
  if (/^0x(?!0{40}$)[0-9a-fA-F]{40}$/.test(address)) return address
  throw new Error(
    `${name}: ${quote(address)} is not an address. Allowed: 0x followed by 40 hex digits, not all of them 0.`,
  )
}

/** @throws Error */
export function assertFee(ether: string): string {
  if (/^(?:0|[1-9]\d*)(?:\.\d{1,18})?$/.test(ether) && /[1-9]/.test(ether))
    return ether
  throw new Error(
    `maxTransactionFeeEther: ${quote(ether)} is not allowed. Allowed: an amount in ether above 0, as text, such as 1 or 0.05.`,
  )
}

/** @throws Error */
export function assertGwei(setting: string, gwei: string): string {
  if (/^(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$/.test(gwei) && /[1-9]/.test(gwei))
    return gwei
  throw new Error(
    `${setting}: ${quote(gwei)} is not allowed. Allowed: an amount in gwei above 0, as text, such as 150 or 0.05.`,
  )
}

/** @throws Error */
export function assertConfirmations(count: number): string {
  if (Number.isInteger(count) && count >= 1 && count <= 10_000)
    return String(count)
  throw new Error(
    `confirmations: ${count} is not allowed. Allowed: a whole number of blocks from 1 to 10000.`,
  )
}

/** @throws Error */
export function assertForeign(count: number | 'unlimited'): string {
  if (count === 'unlimited') return count
  if (Number.isInteger(count) && count >= 0 && count <= 1_000_000)
    return String(count)
  throw new Error(
    `maxForeign: ${quote(String(count))} is not allowed. Allowed: a whole number of transactions from 0 to 1000000, or the word unlimited.`,
  )
}

/** Whether it is the chain of a local home, where nothing has value. */
export const isLocalNetwork = (network: string): boolean =>
  network === 'local' || network === '31337'

/**
 * @param network - On a chain with real money, the count must be known, because
 *   a ledger that starts at any count may have lost transactions.
 * @throws Error
 */
export function assertNewLedger(count: string, network: string): string {
  const isLocal = isLocalNetwork(network)
  if (count === 'any' && isLocal) return count
  const isCount = /^(?:0|[1-9]\d{0,15})$/.test(count)
  if (isCount && Number.isSafeInteger(Number(count))) return count
  throw new Error(
    `newLedger: ${quote(count)} is not allowed. Allowed: the number of transactions that the account has sent, as text${isLocal ? ', or the word any' : ''}.`,
  )
}

/** @throws Error */
export function assertFinalEndpoints(count: number): string {
  if (count === 1 || count === 2) return String(count)
  throw new Error(
    `finalEndpoints: ${count} is not allowed. Allowed: 1 or 2 providers.`,
  )
}

/**
 * The functions' environment for the webhook. The signing key is a secret, so
 * it is never passed here.
 *
 * @throws Error
 */
export function assertWebhook(
  url: string | undefined,
  secretArn: string | undefined,
  network: string,
): {
  /** The sender must know that there is a webhook. */
  environment: Record<string, string>
  /** Only the reconciler sends notifications. */
  secret: Record<string, string>
  secretArns: readonly string[]
} {
  if (url === undefined && secretArn === undefined)
    return { environment: {}, secret: {}, secretArns: [] }
  if (url === undefined || secretArn === undefined)
    throw new Error(
      `webhookUrl and webhookSecretArn belong together: ${url === undefined ? 'webhookUrl' : 'webhookSecretArn'} is missing. Keyward signs the notifications with the secret, so that the webhook can verify them.`,
    )
  assertWebhookUrl(url, network)
  assertWebhookSecretArn(secretArn)
  return {
    environment: { WEBHOOK_URL: url },
    secret: { WEBHOOK_SECRET: secretArn },
    secretArns: [secretArn, url].filter(isSecretArn),
  }
}

/**
 * @param network - Only a local home can reach a receiver on its own machine.
 * @throws Error
 */
export function assertWebhookUrl(url: string, network = 'local'): void {
  if (isSecretArn(url)) return
  const isLocal = isLocalNetwork(network)
  if (isWebhookUrl(url, isLocal)) return
  throw new Error(
    `webhookUrl: the value (${url.length} characters) is not an https URL of another machine. ` +
      `Allowed: an https URL of another machine, or ${secretForm} that contains it.` +
      (isLocal ? ' On network local, http://127.0.0.1 is allowed too.' : ''),
  )
}

/** @throws Error */
export function assertWebhookSecretArn(arn: string): void {
  if (isSecretArn(arn)) return
  throw new Error(
    `webhookSecretArn: the value (${arn.length} characters) is not an ARN. ` +
      `Allowed: ${secretForm}.`,
  )
}

/** @throws Error */
export function assertTopicArn(arn: string): void {
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(arn)) return
  throw new Error(
    `alarmTopicArn: ${quote(arn)} is not the ARN of an SNS topic. Allowed: arn:aws:sns:REGION:ACCOUNT:NAME.`,
  )
}

/** @throws Error */
export function assertCustomerKey(name: string, arn: string): void {
  if (isKeyArn(arn)) return
  throw new Error(
    `${name}: ${quote(arn)} is not the ARN of a KMS key. Allowed: arn:aws:kms:REGION:ACCOUNT:key/UUID.`,
  )
}

const networkIds = {
  subnetIds: 'subnet',
  securityGroupIds: 'sg',
  kmsVpcEndpointId: 'vpce',
} as const

/** Checks the id of a part of a VPC. @throws Error */
export function assertNetworkId(
  name: keyof typeof networkIds,
  id: string,
): void {
  const prefix = networkIds[name]
  if (new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`).test(id)) return
  throw new Error(
    `${name}: ${quote(id)} is not a valid id. Allowed: ${prefix}- followed by 8 or 17 hex digits.`,
  )
}

/** @throws Error */
export function assertTableName(
  setting: 'existingGuardTable' | 'existingLedgerTable',
  name: string,
): string {
  if (/^[\w.-]{3,255}$/.test(name)) return name
  throw new Error(
    `${setting}: ${quote(name)} is not a valid table name. Allowed: 3 to 255 letters, digits, _, . and -.`,
  )
}

/** @throws Error */
export function assertFunctionName(name: string): string {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return name
  throw new Error(
    `${quote(name)} is not a valid function name. Allowed: 1 to 64 letters, digits, - and _. A stack's functions are named after the stack. Choose a stack name of up to 49 characters.`,
  )
}

/** Aliases that have a special meaning for the stack or its ledger. */
const reserved = ['admin', 'clock', 'status']

/** @throws Error */
export function assertCaller(name: string): void {
  if (reserved.includes(name))
    throw new Error(
      `invokers: the name ${quote(name)} is reserved. Choose another name: Keyward itself uses ${joinNames(reserved)}. If the stack already has a caller with this name, first rename it with the version of Keyward that deployed the stack, and switch the caller to the new alias. Then deploy with this version.`,
    )
  if (/^(?![0-9]+$)[a-zA-Z0-9_-]{1,128}$/.test(name)) return
  throw new Error(
    `invokers: ${quote(name)} is not a valid caller name. Allowed: 1 to 128 letters, digits, - and _, but not only digits.`,
  )
}

/** @throws Error */
export function assertAlias(alias: string): string {
  if (/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(alias)) return alias
  throw new Error(
    `alias: ${quote(alias)} is not a valid alias. Allowed: alias/ followed by 1 to 250 letters, digits, /, - and _. AWS reserves names that begin with alias/aws/.`,
  )
}

/** The ARN of a KMS key with its id, not an alias. */
function isKeyArn(arn: string): boolean {
  return /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]{36}$/.test(arn)
}

/**
 * The ARN must be a literal: a value known only at deployment is refused.
 * @throws Error
 */
export function assertKeyArn(arn: string): string {
  if (isKeyArn(arn)) return arn
  throw new Error(
    `existingKeyArn: ${quote(arn)} is not the ARN of a KMS key. Allowed: arn:aws:kms:REGION:ACCOUNT:key/UUID; not an alias, which can be moved to another key.`,
  )
}
