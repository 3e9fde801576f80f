import { isUserOrRole } from '@keyward/iam/key-policy'
import { quote } from '@keyward/iam/quote'
import type { StackProps } from 'aws-cdk-lib'
import {
  assertAddress,
  assertAlias,
  assertCaller,
  assertConfirmations,
  assertCustomerKey,
  assertFee,
  assertFinalEndpoints,
  assertForeign,
  assertGwei,
  assertKeyArn,
  assertNetworkId,
  assertTableName,
  assertTopicArn,
  assertWebhookSecretArn,
  assertWebhookUrl,
} from './environment.js'
import type { KeywardStackProps } from './KeywardStackProps.js'
import { assertNetwork } from './network.js'
import {
  days,
  flag,
  list,
  number,
  numberOr,
  oneOf,
  pairs,
  text,
} from './readSetting.js'
import { boundary, qualifier, tags } from './readStackSetting.js'
import { rpcSettings, sendRpcSettings } from './rpcSettings.js'

// Needs no aws-cdk-lib: the command line reads settings before it asks AWS.

/** What may be set by `-c name=value` or in cdk.json, and how it is read. */
const readers: Record<
  | Exclude<
      keyof KeywardStackProps,
      // Of the first a stack has its own; the others are constructs.
      keyof StackProps | 'vpc' | 'codeSigningConfig'
    >
  | 'bootstrapQualifier'
  | 'permissionsBoundary'
  | 'tags',
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
  invokers: checked(invokers, (read) => {
    for (const caller of Object.keys(read)) assertCaller(caller)
  }),
  anyCaller: flag,
  policy: text,
  policySha256: text,
  existingGuardTable: checked(text, (name) =>
    assertTableName('existingGuardTable', name),
  ),
  unguardedUsers: flag,
  maxTransactionFeeEther: checked(text, assertFee),
  reservedConcurrentExecutions: number,
  alarmTopicArn: checked(text, assertTopicArn),
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
  webhookUrl: checked(text, assertWebhookUrl),
  webhookSecretArn: checked(text, assertWebhookSecretArn),
  existingLedgerTable: checked(text, (name) =>
    assertTableName('existingLedgerTable', name),
  ),
  ledgerWriters: roles,
  ledgerKeyArn: checked(text, (arn) => assertCustomerKey('ledgerKeyArn', arn)),
  secretKeyArns: each(assertCustomerKey),
  maxForeign: checked(numberOr('unlimited'), assertForeign),
  newLedger: text,
  managedBlockchain: flag,
  fips: flag,
  subnetIds: each((_, id) => assertNetworkId('subnetIds', id)),
  securityGroupIds: each((_, id) => assertNetworkId('securityGroupIds', id)),
  kmsVpcEndpointId: checked(text, (id) =>
    assertNetworkId('kmsVpcEndpointId', id),
  ),
  bootstrapQualifier: qualifier,
  permissionsBoundary: boundary,
  tags,
}

export { assertFips } from './fips.js'
export { rpcSettings } from './rpcSettings.js'

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

/** The same for each of a list. */
function each(assert: (name: string, item: string) => void) {
  return (value: unknown, name: string): string[] => {
    const items = list(value, name)
    for (const item of items) assert(name, item)
    return items
  }
}

function invokers(value: unknown, name: string): Record<string, string> {
  return pairs(value, name, 'alias=ARN')
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
