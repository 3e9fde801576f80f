import { isUserOrRole } from '@keyward/iam/key-policy'
import { quote } from '@keyward/iam/quote'
import type { StackProps } from 'aws-cdk-lib'
import {
  assertAddress,
  assertAlias,
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
import type { MultisigStackProps } from './MultisigStackProps.js'
import { multisigReaders } from './multisigReaders.js'
import { assertNetwork } from './network.js'
import {
  checked,
  days,
  flag,
  list,
  number,
  numberOr,
  oneOf,
  text,
} from './readSetting.js'
import { boundary, callers, qualifier, tags } from './readStackSetting.js'
import { rpcSettings, sendRpcSettings } from './rpcSettings.js'

// Needs no aws-cdk-lib: the command line reads settings before it asks AWS.

/** What may be set by `-c name=value` or in cdk.json, and how it is read. */
const readers: Record<
  | Exclude<
      keyof KeywardStackProps | keyof MultisigStackProps,
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
  invokers: callers,
  anyCaller: flag,
  policy: text,
  policySha256: text,
  existingGuardTable: checked(text, (name) =>
    assertTableName('existingGuardTable', name),
  ),
  unguardedUsers: flag,
  guardedUsers: roles,
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
  guardKeyArn: checked(text, (arn) => assertCustomerKey('guardKeyArn', arn)),
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
  ...multisigReaders,
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

/** Settings that a stack with one key has, and a multisig does not. */
const ofOneKey = [
  ...['alias', 'users', 'importers', 'origin', 'importExpiration'],
  ...['minimumDeletionWindowDays', 'existingKeyArn', 'address', 'invokers'],
  ...['anyCaller', 'policy', 'policySha256', 'existingGuardTable'],
  ...[
    'unguardedUsers',
    'guardedUsers',
    'signers',
    'sender',
    'allowContractCreation',
  ],
  ...['ledgerWriters', 'managedBlockchain'],
]

/** Whether the stack is one for the owners of a Safe. */
export const isMultisig = ({ owners }: Readonly<Record<string, unknown>>) =>
  owners !== undefined && owners !== ''

/**
 * What is no setting of this kind of stack must not look as if it held.
 *
 * @throws Error
 */
export function assertKind(settings: Readonly<Record<string, unknown>>): void {
  const isOf = isMultisig(settings)
  const foreign = isOf ? ofOneKey : Object.keys(multisigReaders)
  for (const name of foreign)
    if (settings[name] !== undefined)
      throw new Error(
        isOf
          ? `${name}: not a setting of a multisig, whose owners have a key and callers each. Leave it out, or leave owners out.`
          : `${name}: only for a multisig. Name its owners, or leave it out.`,
      )
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

/** Reads a list, and holds each of it to what the stack takes. */
function each(assert: (name: string, item: string) => void) {
  return (value: unknown, name: string): string[] => {
    const items = list(value, name)
    for (const item of items) assert(name, item)
    return items
  }
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
