import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { AwsConnection } from '../aws/connectAws.js'
import * as Frozen from './Frozen.js'
import { type Account, findParts } from './findParts.js'
import { type AddressAnswer, readAddress } from './readAddress.js'
import { type FunctionState, readFunction } from './readFunction.js'
import { type KeyState, readKeyState } from './readKeyState.js'
import { readSafe, type SafeAnswer } from './readSafe.js'
import { pinOf, settingsOf, type Template } from './Template.js'

/** A key and its account. */
export type AccountStatus = {
  /**
   * `owner-1`, …, `relayer` in a multisig; undefined if there is only one key.
   */
  role: string | undefined
  key: KeyState | undefined
  /** KMS's answer. */
  address: AddressAnswer
  /** The account to which the functions are pinned; null for none. */
  pin: string | null | undefined
  /** Actions that this caller lacks. */
  hidden: readonly string[]
}

export type StackStatus = {
  stack: string
  /** CloudFormation's term; undefined if hidden. */
  stackStatus: string | undefined
  /** One key; in a multisig the owners' keys in order, then the relayer's. */
  accounts: readonly [AccountStatus, ...AccountStatus[]]
  ownKey: boolean
  alias: string | undefined
  /**
   * What a multisig's functions report about its Safe; undefined for other
   * stacks.
   */
  safe: SafeAnswer | undefined
  /** ETH_NETWORK, if visible. */
  network: string | undefined
  functions: readonly FunctionState[]
  /**
   * ARNs of principals that can sign with the key without the functions'
   * policy; undefined if hidden.
   */
  unguarded: readonly string[] | undefined
  frozen: Frozen.Frozen | undefined
  /** Actions that this caller lacks. */
  hidden: readonly string[]
}

/**
 * Reads every part of a stack. Parts that the caller isn't allowed to see are
 * listed in `hidden` and don't count as failures.
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
    unguarded: unguardedIn(template, functions),
    frozen: Frozen.tell(accounts.map(keyStateOf), functions),
    hidden: [
      ...(stack === undefined ? ['cloudformation:DescribeStacks'] : []),
      ...new Set([...accounts, ...functions].flatMap(({ hidden }) => hidden)),
    ],
  }
}

/**
 * Whether any part of the stack was found. Otherwise there may be no such
 * stack.
 */
export function isSeen({
  stackStatus,
  accounts,
  functions,
}: Pick<StackStatus, 'stackStatus' | 'accounts' | 'functions'>): boolean {
  return (
    stackStatus !== undefined ||
    accounts.some(
      ({ key, address }) =>
        key !== undefined || address.address !== undefined || address.isThere,
    ) ||
    functions.some(
      ({ state, concurrency }) => state !== null || concurrency !== null,
    )
  )
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
  // If the caller isn't allowed to describe the alias, a function may reveal
  // which key it uses.
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

/**
 * The state of the key. If the caller isn't allowed to see it, the answer to
 * the question for its address shows it: KMS returns the public key only of an
 * enabled key.
 *
 * @returns Undefined if neither shows it.
 */
export function keyStateOf({
  key,
  address,
}: Pick<AccountStatus, 'key' | 'address'>): string | undefined {
  if (key !== undefined) return key.state
  if (address.address !== undefined) return 'Enabled'
  return address.isDisabled ? 'Disabled' : undefined
}

/** Users of the key can sign directly, without any policy. */
function unguardedIn(
  template: Template | undefined,
  functions: readonly FunctionState[],
): string[] | undefined {
  const isGuarded = functions.some(({ policy }) => typeof policy === 'string')
  if (!isGuarded) return []
  if (template === undefined) return undefined
  const { users } = settingsOf(template)
  if (!Array.isArray(users)) return []
  return users.filter((arn) => typeof arn === 'string')
}

/** The common pin; null if a function has none, undefined if one is hidden. */
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
