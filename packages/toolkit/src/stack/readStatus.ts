import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { AwsConnection } from '../aws/connectAws.js'
import * as Frozen from './Frozen.js'
import { type Account, findParts } from './findParts.js'
import { type AddressAnswer, readAddress } from './readAddress.js'
import { type FunctionState, readFunction } from './readFunction.js'
import { type KeyState, readKeyState } from './readKeyState.js'
import { type PolicyAnswer, readPolicy } from './readPolicy.js'
import { readSafe, type SafeAnswer } from './readSafe.js'
import { pinOf, settingsOf, type Template } from './Template.js'

/** A key, and the account that it is. */
export type AccountStatus = {
  /** `owner-1`, …, `relayer` in a multisig; undefined where there is one key. */
  role: string | undefined
  key: KeyState | undefined
  /** What KMS says. */
  address: AddressAnswer
  /** The account that the functions hold themselves to; null for none. */
  pin: string | null | undefined
  /** What this caller lacks the permission for. */
  hidden: readonly string[]
}

export type StackStatus = {
  stack: string
  /** CloudFormation's word; undefined when it may not be seen. */
  stackStatus: string | undefined
  /** One, or in a multisig the owners' in their order and the relayer's. */
  accounts: readonly [AccountStatus, ...AccountStatus[]]
  ownKey: boolean
  alias: string | undefined
  /** What a multisig's functions say of its Safe; undefined for other stacks. */
  safe: SafeAnswer | undefined
  /** ETH_NETWORK, when it may be seen. */
  network: string | undefined
  functions: readonly FunctionState[]
  /** What the functions say of their policy; undefined in a multisig, too. */
  policy: PolicyAnswer | undefined
  /** ARNs of who signs with the key without the functions' policy. */
  unguarded: readonly string[]
  frozen: Frozen.Frozen | undefined
  /** What this caller lacks the permission for. */
  hidden: readonly string[]
}

/**
 * Looks at every part of a stack. What the caller may not see is listed in
 * `hidden`, and is no failure.
 *
 * @throws StackMissingError
 */
export async function readStatus(
  connection: AwsConnection,
  name: string,
): Promise<StackStatus> {
  const sdk = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(sdk.LambdaClient)
  const parts = await findParts(connection, name)
  const { stack, template } = parts
  const functions = (
    await Promise.all(
      parts.functions.map((each) => readFunction(lambda, each.name)),
    )
  ).filter((each) => each !== undefined)
  const read = (account: Account) =>
    readAccount(connection, lambda, account, { functions, template })
  const [first, ...others] = parts.accounts
  const accounts = [
    await read(first),
    ...(await Promise.all(others.map(read))),
  ] as const
  return {
    stack: name,
    stackStatus: stack?.status,
    accounts,
    ownKey: parts.ownKey,
    alias: stack?.outputs.KeyAlias,
    safe:
      first.role === undefined
        ? undefined
        : await readSafe(lambda, name, parts),
    network: functions.find((each) => each.network !== undefined)?.network,
    functions,
    policy:
      first.role === undefined
        ? await readPolicy(lambda, functions)
        : undefined,
    unguarded: unguardedIn(template, functions),
    frozen: Frozen.tell(
      accounts.map(({ key }) => key?.state),
      functions,
    ),
    hidden: [
      ...(stack === undefined ? ['cloudformation:DescribeStacks'] : []),
      ...new Set([...accounts, ...functions].flatMap(({ hidden }) => hidden)),
    ],
  }
}

async function readAccount(
  { kms }: AwsConnection,
  lambda: LambdaClient,
  { role, key: named, functions: parts }: Account,
  {
    functions,
    template,
  }: {
    functions: readonly FunctionState[]
    template: Template | undefined
  },
): Promise<AccountStatus> {
  const names = parts.map(({ name }) => name)
  const own = functions.filter(({ name }) => names.includes(name))
  // Who may not describe an alias may be told the key by its function.
  const keyId = own.find((each) => each.keyId !== undefined)?.keyId
  const described = await readKeyState(kms, keyId ?? named)
  const key = described.hidden ? undefined : described.value
  const address = await readAddress(
    kms,
    lambda,
    key?.arn ?? keyId ?? named,
    own.map((each) => each.name),
  )
  return {
    ...{ role, key, address },
    pin: pinOfAll(own) ?? (template && (pinOf(template, role) ?? null)),
    hidden: described.hidden ? ['kms:DescribeKey'] : [],
  }
}

/** Users of the key sign by themselves, and nothing asks a policy then. */
function unguardedIn(
  template: Template | undefined,
  functions: readonly FunctionState[],
): string[] {
  const isGuarded = functions.some(({ policy }) => typeof policy === 'string')
  const { users } = settingsOf(template)
  if (!isGuarded || !Array.isArray(users)) return []
  return users.filter((arn) => typeof arn === 'string')
}

/** One pin for all, null when one has none, undefined when one isn't seen. */
function pinOfAll(
  functions: readonly FunctionState[],
): string | null | undefined {
  const pins = functions
    .filter((each) => each.keyId !== undefined || each.pin === undefined)
    .map(({ pin }) => pin)
  if (pins.length === 0 || pins.includes(undefined)) return undefined
  const [first] = pins
  return pins.every((pin) => pin === first) ? first : null
}
