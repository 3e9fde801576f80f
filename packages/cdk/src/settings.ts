import { isUserOrRole } from '@keyward/iam/key-policy'
import { quote } from '@keyward/iam/quote'
import type { StackProps } from 'aws-cdk-lib'
import {
  assertAddress,
  assertAlias,
  assertCaller,
  assertConfirmations,
  assertFee,
  assertFinalEndpoints,
  assertForeign,
  assertGwei,
  assertKeyArn,
  assertTableName,
} from './environment.js'
import type { KeywardStackProps } from './KeywardStack.js'
import { assertNetwork } from './network.js'
import { rpcSettings, sendRpcSettings } from './rpcSettings.js'

// Needs no aws-cdk-lib: the command line reads settings before it asks AWS.

/** What may be set by `-c name=value` or in cdk.json, and how it is read. */
const readers: Record<
  Exclude<
    keyof KeywardStackProps,
    // Of the first a stack has its own; the others are constructs.
    keyof StackProps | 'vpc' | 'codeSigningConfig'
  >,
  (value: unknown, name: string) => unknown
> = {
  network: checked(text, (network) => assertNetwork(network)),
  logLevel: oneOf('DEBUG', 'INFO', 'WARN', 'ERROR'),
  logRetention: days,
  alias: checked(text, assertAlias),
  administrators: roles,
  users: roles,
  importers: roles,
  breakGlass: roles,
  deployers: roles,
  origin: oneOf('AWS_KMS', 'EXTERNAL'),
  importExpiration: oneOf('never', 'required', 'any'),
  minimumDeletionWindowDays: number,
  removalPolicy: oneOf('retain', 'destroy'),
  existingKeyArn: checked(text, assertKeyArn),
  address: checked(text, assertAddress),
  invokers: checked(pairs, (read) => {
    for (const caller of Object.keys(read)) assertCaller(caller)
  }),
  maxTransactionFeeEther: checked(text, assertFee),
  reservedConcurrentExecutions: number,
  alarmTopicArn: text,
  signers: flag,
  sender: flag,
  rpcUrl: checked(text, (url) => rpcSettings(url, undefined)),
  rpcAuth: checked(text, (auth) => rpcSettings(undefined, auth)),
  sendRpcUrl: checked(text, sendRpcSettings),
  finalEndpoints: checked(number, assertFinalEndpoints),
  maxFeeGwei: checked(text, (gwei) => assertGwei('maxFeeGwei', gwei)),
  minTipGwei: checked(text, (gwei) => assertGwei('minTipGwei', gwei)),
  confirmations: checked(number, assertConfirmations),
  allowContractCreation: flag,
  webhookUrl: text,
  webhookSecretArn: text,
  existingLedgerTable: checked(text, assertTableName),
  ledgerWriters: roles,
  maxForeign: checked(numberOr('unlimited'), assertForeign),
  newLedger: text,
  managedBlockchain: flag,
  kmsVpcEndpointId: text,
}

export const settingNames = Object.keys(readers)

/**
 * Reads settings, each by itself; what they mean together is for the stack to
 * say. Empty ones are left out.
 *
 * @throws Error that begins with the name of the setting that is wrong
 */
export function readSettings(
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(readers)) {
    const value = given[name]
    if (value !== undefined && value !== '') settings[name] = read(value, name)
  }
  return settings
}

/** A setting that is misspelt must not look as if it held. @throws Error */
export function assertKnown(names: readonly string[]): void {
  const known = [...settingNames, 'stackName']
  // The others are the CDK's own: feature flags, look-ups, switches.
  for (const name of names)
    if (/^[a-zA-Z_]+$/.test(name) && !known.includes(name))
      throw new Error(
        `${name}: no setting of this app. Allowed: ${known.join(', ')}.`,
      )
}

/** Reads a value, and holds it to what the stack takes. */
function checked<value>(
  read: (value: unknown, name: string) => value,
  assert: (read: value) => unknown,
) {
  return (value: unknown, name: string): value => {
    const found = read(value, name)
    assert(found)
    return found
  }
}

export function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new Error(`${name}: must be text.`)
}

function number(value: unknown, name: string, or = ''): number {
  const read = typeof value === 'string' && value ? Number(value) : value
  if (typeof read === 'number' && Number.isInteger(read) && read >= 0)
    return read
  throw new Error(`${name}: must be a whole number${or}.`)
}

function numberOr<const word extends string>(word: word) {
  return (value: unknown, name: string): number | word =>
    value === word ? word : number(value, name, ` or ${word}`)
}

function days(value: unknown, name: string): number {
  const read = number(value, name)
  if (retentionDays.includes(read)) return read
  throw new Error(
    `${name}: CloudWatch keeps logs for ${retentionDays.join(', ')} days (9999: for ever), not for ${read}.`,
  )
}

function flag(value: unknown, name: string): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new Error(`${name}: must be true or false.`)
}

function oneOf(...allowed: string[]) {
  return (value: unknown, name: string): string => {
    const found = allowed.find((one) => one === value)
    if (found !== undefined) return found
    throw new Error(`${name}: must be one of ${allowed.join(', ')}.`)
  }
}

function list(value: unknown, name: string): string[] {
  const items =
    typeof value === 'string' ? value.split(',').map((s) => s.trim()) : value
  if (Array.isArray(items) && items.every((item) => typeof item === 'string'))
    return items
  throw new Error(`${name}: must be a list of ARNs, comma separated.`)
}

function pairs(value: unknown, name: string): Record<string, string> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, arn]) => [key, text(arn, name)]),
    )
  const read: Record<string, string> = {}
  for (const pair of list(value, name)) {
    const at = pair.indexOf('=')
    if (at < 1) throw new Error(`${name}: must be alias=ARN, comma separated.`)
    const alias = pair.slice(0, at)
    if (Object.hasOwn(read, alias))
      throw new Error(`${name}: ${alias} is named twice.`)
    read[alias] = pair.slice(at + 1)
  }
  return read
}

function roles(value: unknown, name: string): string[] {
  const arns = list(value, name)
  for (const arn of arns)
    if (!isUserOrRole(arn))
      throw new Error(
        `${name}: ${quote(arn)} is refused. Allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/key-admin; neither *, an account, its root, nor an assumed-role session.`,
      )
  return arns
}

/** What CloudWatch takes. */
export const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827,
  2192, 2557, 2922, 3288, 3653, 9999,
]
