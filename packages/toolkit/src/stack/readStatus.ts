import type { AwsConnection } from '../aws/connectAws.js'
import * as Frozen from './Frozen.js'
import { findParts } from './findParts.js'
import { type AddressAnswer, readAddress } from './readAddress.js'
import { type FunctionState, readFunction } from './readFunction.js'
import { type KeyState, readKeyState } from './readKeyState.js'
import { pinOf, settingsOf, type Template } from './Template.js'

export type StackStatus = {
  stack: string
  /** CloudFormation's word; undefined when it may not be seen. */
  stackStatus: string | undefined
  key: KeyState | undefined
  ownKey: boolean
  alias: string | undefined
  /** What KMS says. */
  address: AddressAnswer
  /** The account that the functions hold themselves to; null for none. */
  pin: string | null | undefined
  /** ETH_NETWORK, when it may be seen. */
  network: string | undefined
  functions: readonly FunctionState[]
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
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(LambdaClient)
  const parts = await findParts(connection, name)
  const { stack, template } = parts
  const functions = (
    await Promise.all(
      parts.functions.map((each) => readFunction(lambda, each.name)),
    )
  ).filter((each) => each !== undefined)
  // Who may not describe an alias may be told the key by its function.
  const keyId = functions.find((each) => each.keyId !== undefined)?.keyId
  const described = await readKeyState(connection.kms, keyId ?? parts.key)
  const key = described.hidden ? undefined : described.value
  const address = await readAddress(
    connection.kms,
    lambda,
    key?.arn ?? keyId ?? parts.key,
    functions.map((each) => each.name),
  )
  return {
    stack: name,
    stackStatus: stack?.status,
    key,
    ownKey: parts.ownKey,
    alias: stack?.outputs.KeyAlias,
    address,
    pin: pinOfAll(functions) ?? (template && (pinOf(template) ?? null)),
    network: functions.find((each) => each.network !== undefined)?.network,
    functions,
    unguarded: unguardedIn(template, functions),
    frozen: Frozen.tell(described.hidden ? undefined : key?.state, functions),
    hidden: [
      ...(stack === undefined ? ['cloudformation:DescribeStacks'] : []),
      ...(described.hidden ? ['kms:DescribeKey'] : []),
      ...new Set(functions.flatMap((each) => each.hidden)),
    ],
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
