import { senderKinds, signerKinds } from '@keyward/iam/functions'
import { type Stack, Token } from 'aws-cdk-lib'
import type { KeywardStackProps } from './KeywardStackProps.js'
import { toArns } from './principals.js'
import type { SendingProps } from './SendingProps.js'
import type { SigningKeyProps } from './SigningKey.js'

// What the settings of a stack must be together.

/** What only the functions that send are told. */
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
 * Whether the stack sends; what would then have no meaning is refused.
 *
 * @param about.counts - Whether its policy has windows: their table has writers.
 */
export function sends(
  props: KeywardStackProps,
  { counts }: { counts: boolean },
): boolean {
  const hasChain = props.rpcUrl !== undefined || props.network === 'local'
  const { sender = hasChain } = props
  if (sender && !hasChain)
    throw new Error(
      'sender: needs rpcUrl, where the chain is. Give it, or leave sender out.',
    )
  const given = ofSending.filter(
    (name) =>
      props[name] !== undefined && !(counts && name === 'ledgerWriters'),
  )
  if (!sender && given.length > 0)
    throw new Error(
      `${given.join(', ')}: the stack does not send, so there is nobody to be told. ${hasChain ? 'Leave sender: false out' : 'Give rpcUrl'}, or leave them out.`,
    )
  if (!sender && props.signers === false)
    throw new Error(
      'signers: false leaves a stack without functions. Give rpcUrl to have the functions that send, or leave signers out.',
    )
  return sender
}

/** What is about making a key, as against using one. */
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

/** Ignoring a role would look as if the existing key's policy had it. */
export function assertOneKey(props: KeywardStackProps): void {
  if (props.existingKeyArn === undefined) return
  const given = ofMaking.filter((name) => props[name] !== undefined)
  if (given.length > 0)
    throw new Error(
      `existingKeyArn: a key that exists keeps its policy, alias and origin, so ${given.join(', ')} cannot be given with it. Leave them out, or leave existingKeyArn out to have a key made.`,
    )
}

/** The functions ask in their own Region; so do rules that tell a topic. */
export function assertRegion(
  name: string,
  arn: string | undefined,
  region: string,
): void {
  const [, , , found] = arn?.split(':') ?? []
  if (found === undefined || Token.isUnresolved(arn)) return
  if (Token.isUnresolved(region) || found === region) return
  throw new Error(
    `${name}: it is in ${found}, and the stack in ${region}. Deploy the stack to ${found}, or name one of ${region}.`,
  )
}

/** Whoever signs by himself signs around the policy. */
export function assertGuarded({
  policy,
  users = [],
  unguardedUsers,
}: KeywardStackProps): void {
  if (policy === undefined || users.length === 0 || unguardedUsers) return
  throw new Error(
    'policy: users may sign with the key themselves, and nothing asks the policy then. Leave users out, or say unguardedUsers: true.',
  )
}

/**
 * The stack's own functions count in its table, but have no tag. As guarded users
 * they could no longer sign.
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
        `guardedUsers: ${arn} is a role of ${stackName} itself, whose functions sign and count anyway. Leave it out; allowed are roles of other stacks and programs. If it is a stack of the same name in another account, give one of them another name.`,
      )
  }
}

/** A key that the stack did not make is used only as the account it is. */
export function assertPin(props: KeywardStackProps): void {
  if (props.address !== undefined) return
  const foreign =
    props.existingKeyArn !== undefined || props.origin === 'EXTERNAL'
  if (foreign)
    throw new Error(
      'address: required for a key of origin EXTERNAL and for existingKeyArn, so that the functions sign as the account you mean and no other.',
    )
}
