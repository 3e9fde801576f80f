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

// This module doesn't need aws-cdk-lib, because the command line reads settings
// before it calls AWS.

/** The settings for `-c name=value` or cdk.json, with their readers. */
const readers: Record<
  | Exclude<
      keyof KeywardStackProps | keyof MultisigStackProps,
      // The properties of StackProps have their own settings; the others are
      // constructs.
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
 * Reads each setting by itself; the stack checks them together. Empty settings
 * are left out.
 *
 * @throws Error that begins with the name of the wrong setting
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

/** Settings of a stack with one key that a multisig doesn't have. */
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

/** Whether the stack is for the owners of a Safe. */
export const isMultisig = ({ owners }: Readonly<Record<string, unknown>>) =>
  owners !== undefined && owners !== ''

/**
 * Refuses settings of the other kind of stack, because they must not seem to
 * apply.
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
          ? `${name}: is not a setting of a multisig, where each owner has its own key and callers. Leave out either ${name} or owners.`
          : `${name}: is allowed only for a multisig. Set owners, or leave ${name} out.`,
      )
}

/**
 * Refuses misspelled settings, because they must not seem to apply. @throws
 * Error
 */
export function assertKnown(names: readonly string[]): void {
  const known = [...settingNames, 'stackName']
  // Other names are the CDK's own: feature flags, lookups, switches.
  for (const name of names)
    if (/^[a-zA-Z_]+$/.test(name) && !known.includes(name))
      throw new Error(
        `${name}: is not a setting of a Keyward stack. Allowed: ${known.join(', ')}.`,
      )
}

/** Reads a list and checks that the stack accepts each element. */
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
        `${name}: ${quote(arn)} is not allowed. Allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/key-admin. The value *, an AWS account, its root user and a role's session are not accepted.`,
      )
  return arns
}
