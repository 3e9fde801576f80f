import { senderKinds, signerKinds } from '@keyward/iam/functions'
import { type Stack, Token } from 'aws-cdk-lib'
import { joinNames } from './joinNames.js'
import type { KeywardStackProps } from './KeywardStackProps.js'
import { toArns } from './principals.js'
import type { SendingProps } from './SendingProps.js'
import type { SigningKeyProps } from './SigningKey.js'

// Checks a stack's settings together.

/** Settings of only the functions that send. */
const ofSending = [
  'allowContractCreation',
  'confirmations',
  'existingLedgerTable',
  'finalEndpoints',
  'ledgerKeyArn',
  'ledgerWriters',
  'maxFeeGwei',
  'maxForeign',
  'newLedger',
  'minTipGwei',
  'rpcAuth',
  'secretKeyArns',
  'sendRpcUrl',
  'webhookSecretArn',
  'webhookUrl',
] as const satisfies readonly (keyof SendingProps)[]

/**
 * Whether the stack sends. Refuses settings that would then have no effect.
 *
 * @param about.counts - Whether its policy has windows, whose table has
 *   writers.
 */
export function sends(
  props: KeywardStackProps,
  { counts }: { counts: boolean },
): boolean {
  const hasChain = props.rpcUrl !== undefined || props.network === 'local'
  const { sender = hasChain } = props
  if (sender && !hasChain)
    throw new Error(
      'sender: requires rpcUrl, the URL of an RPC endpoint. Set rpcUrl, or leave ' +
        'sender out.',
    )
  const given = ofSending.filter(
    (name) =>
      props[name] !== undefined && !(counts && name === 'ledgerWriters'),
  )
  if (!sender && given.length > 0)
    throw new Error(
      `${given.join(', ')}: no effect, because the stack doesn't send transactions. ${hasChain ? 'Set sender to true' : 'Set rpcUrl'}, or leave out ${joinNames(given)}.`,
    )
  if (!sender && props.signers === false)
    throw new Error(
      `signers: the value false leaves the stack without functions. ${hasChain ? 'Set sender to true' : 'Set rpcUrl'} to get the functions that send, or leave signers out.`,
    )
  return sender
}

/** Settings for creating a key, not for using one. */
const ofMaking = [
  'administrators',
  'alias',
  'breakGlass',
  'deployers',
  'guardedUsers',
  'importers',
  'importExpiration',
  'minimumDeletionWindowDays',
  'origin',
  'removalPolicy',
  'users',
] as const satisfies readonly (keyof SigningKeyProps)[]

/**
 * Refuses settings for creating a key. If a role were ignored, the existing
 * key's policy would seem to contain it.
 */
export function assertOneKey(props: KeywardStackProps): void {
  if (props.existingKeyArn === undefined) return
  const given = ofMaking.filter((name) => props[name] !== undefined)
  if (given.length > 0)
    throw new Error(
      `existingKeyArn: an existing key keeps its policy, alias and origin, so ${joinNames(given)} can't be combined with existingKeyArn. Leave out ${joinNames(given)}, or leave out existingKeyArn to create a key.`,
    )
}

/**
 * Checks Regions: the functions, and the rules that publish to a topic, work
 * only in their own Region.
 */
export function assertRegion(
  name: string,
  arn: string | undefined,
  region: string,
): void {
  const [, , , found] = arn?.split(':') ?? []
  if (found === undefined || Token.isUnresolved(arn)) return
  if (Token.isUnresolved(region) || found === region) return
  throw new Error(
    `${name}: the resource is in ${found}, but the stack is in ${region}. Deploy the stack to ${found}, or use a resource in ${region}.`,
  )
}

/**
 * Refuses principals that sign by themselves, because they bypass the policy.
 */
export function assertGuarded({
  policy,
  users = [],
  unguardedUsers,
}: KeywardStackProps): void {
  if (policy === undefined || users.length === 0 || unguardedUsers) return
  throw new Error(
    'policy: users can sign with the key directly, which bypasses the ' +
      'policy. Leave users out, or set unguardedUsers to true. (With keyward ' +
      'deploy: -c users= removes them, and -c unguardedUsers=true allows them.)',
  )
}

/**
 * Refuses the stack's own functions as guarded users. They count in its table
 * but have no tag, so they could no longer sign.
 */
export function assertOthers(
  { guardedUsers = [] }: KeywardStackProps,
  { stackName, account }: Pick<Stack, 'stackName' | 'account'>,
): void {
  // A role has the same name as its function.
  const own = [...signerKinds, ...senderKinds].map(
    (kind) => `role/${stackName}-${kind}`,
  )
  for (const arn of toArns('guardedUsers', guardedUsers)) {
    const [, , , , owner, resource = ''] = arn.split(':')
    if (!own.includes(resource)) continue
    if (Token.isUnresolved(account) || owner === account)
      throw new Error(
        `guardedUsers: ${arn} is a role of this stack (${stackName}). Leave this role out: the stack's own functions can sign without this setting, and what they sign is counted. Allowed: roles of other stacks, and of programs outside any stack. If the role belongs to a stack of the same name in another account, rename one of the stacks.`,
      )
  }
}

/**
 * Requires the address of a key that the stack did not create, so that the
 * account is known.
 */
export function assertPin(props: KeywardStackProps): void {
  if (props.address !== undefined) return
  const foreign =
    props.existingKeyArn !== undefined || props.origin === 'EXTERNAL'
  if (foreign)
    throw new Error(
      'address: required for a key with the origin EXTERNAL and for ' +
        'existingKeyArn, so that the functions sign only for the account you ' +
        'intend.',
    )
}
