import { existsSync } from 'node:fs'
import { InputError, quote } from '@keyward/core/errors'
import { usageError } from '@keyward/toolkit'
import type { Terminal } from '../terminal/Terminal.js'
import type { Parse } from './Input.js'

// What is needed to parse is loaded when something was typed.

/** The key that was asked for, or the one of the environment. */
export function keyOf(terminal: Terminal, given: string | undefined): string {
  const keyId = given ?? terminal.env.AWS_KMS_KEY_ID
  if (keyId !== undefined && keyId !== '') return keyId
  return usageError(
    'no key was named. Give --key with a key id, key ARN or alias, ' +
      'or set AWS_KMS_KEY_ID.',
  )
}

/** @throws InvalidRequestError */
export const parseAddress: Parse<string> = async (text, name) => {
  const { parseAddress } = await import('@keyward/toolkit/node')
  return parseAddress(text, name)
}

/** @throws InputError */
export const parseStack: Parse<string> = async (text) => {
  const { StackName } = await import('@keyward/toolkit/stack')
  StackName.assert(text)
  return text
}

/** @throws InputError */
export const parseTable: Parse<string> = async (text) => {
  const { LedgerTable } = await import('@keyward/toolkit/ledger')
  LedgerTable.assertName(text)
  return text
}

/** @throws InputError */
export const parseAlias: Parse<string> = async (text) => {
  const { toAlias } = await import('@keyward/toolkit/aws')
  return toAlias(text)
}

/** ARN of an IAM role or user. @throws InputError */
export const parseRole: Parse<string> = async (text, name) => {
  const { isUserOrRole } = await import('@keyward/iam/key-policy')
  if (isUserOrRole(text)) return text
  throw new InputError(`${name} ${quote(text)} is not a role or user.`, {
    details:
      'Give the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ops; not *, an account, its root, or the session of a role.',
  })
}

/** The same where an argument may name it too, and both must not differ. */
export function keyOfBoth(
  terminal: Terminal,
  { argument, key }: { argument: string | undefined; key: string | undefined },
): string {
  if (argument !== undefined && key !== undefined && argument !== key)
    usageError('two keys are named: give [key] or --key.')
  return keyOf(terminal, argument ?? key)
}

/** Of a bootstrap of the CDK. @throws InputError */
export const parseQualifier: Parse<string> = async (text, name) => {
  const { Settings } = await import('@keyward/toolkit/deploy')
  await Settings.check({ bootstrapQualifier: text }, () => name)
  if (text === '') throw new InputError(`${name}: it is empty.`)
  return text
}

/** An alias of a function. @throws InputError */
export const parseCaller: Parse<string> = async (text) => {
  const { assertCaller } = await import('@keyward/toolkit/send')
  assertCaller(text)
  return text
}

const decimalsOf = { wei: 0, gwei: 9, ether: 18, eth: 18 } as const

/**
 * `2gwei`, `0.1ether` or `100wei`, as wei.
 *
 * @returns Undefined for what has no unit: the flag says what that means.
 * @throws InputError for parts of a wei
 */
function toWei(text: string, name: string): bigint | undefined {
  const [, whole = '', fraction = '', unit = ''] =
    /^(0|[1-9]\d{0,77})(?:\.(\d{1,18}))? ?(wei|gwei|ether|eth)$/.exec(text) ??
    []
  if (unit === '') return undefined
  const decimals = decimalsOf[unit as keyof typeof decimalsOf]
  if (fraction.replace(/0+$/, '').length > decimals)
    throw new InputError(
      `${name} ${quote(text)} is not a whole number of wei.`,
      {
        details: `Give at most ${decimals} decimals with ${unit}.`,
      },
    )
  const digits = fraction.slice(0, decimals).padEnd(decimals, '0')
  return BigInt(whole + digits)
}

/** Wei: `2gwei` becomes what the event takes, and anything else stays. */
export const parseWeiText: Parse<string> = (text, name) =>
  String(toWei(text, name) ?? text)

/** The same for amounts in ether. */
export const parseEtherText: Parse<string> = async (text, name) => {
  const wei = toWei(text, name)
  if (wei === undefined) return text
  const { EtherAmount } = await import('@keyward/core')
  return EtherAmount.fromWei(wei)
}

/** Most that a unit of gas may cost, in wei. @throws InvalidRequestError */
export const parseFee: Parse<bigint> = async (typed, name) => {
  const text = await parseWeiText(typed, name)
  const { Problems, Quantity } = await import('@keyward/core')
  const problems = Problems.create('command line')
  const fee = Quantity.between(1n, 2n ** 256n - 1n)(text, name, problems)
  problems.assertNone()
  return fee ?? 0n
}

/** Ether as wei. @throws InvalidRequestError */
export const parseEther: Parse<bigint> = async (typed, name) => {
  const text = await parseEtherText(typed, name)
  const { EtherAmount, Problems } = await import('@keyward/core')
  const problems = Problems.create('command line')
  const wei = EtherAmount.parse(text, name, problems)
  problems.assertNone()
  return wei ?? 0n
}

const spans = { s: 1, min: 60, m: 60, h: 3600, d: 86_400, w: 604_800 } as const

/** A time in the past, as ms since 1970. @throws InputError */
export const parseSince: Parse<number> = (text, name) => {
  const [, count, unit] = /^(\d{1,6})\s?(s|min|m|h|d|w)$/.exec(text) ?? []
  const at =
    count === undefined
      ? /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text)
        ? Date.parse(text)
        : Number.NaN
      : Date.now() - Number(count) * spans[unit as keyof typeof spans] * 1000
  if (!Number.isNaN(at)) return at
  throw new InputError(`${name} ${quote(text)} is not a time.`, {
    details:
      'Give how long ago (90s, 30min, 2h, 3d, 1w), or a date such as 2026-11-29 or 2026-11-29T17:00Z.',
  })
}

/** A file that can be made, or is there already. @throws InputError */
export const parseFileToBe: Parse<string> = async (path, name) => {
  const { assertWritableFolder } = await import('@keyward/toolkit')
  await assertWritableFolder(path, name)
  return path
}

/** A file that can be made, and is not there. @throws InputError */
export const parseNewFile: Parse<string> = async (path, name) => {
  await parseFileToBe(path, name)
  if (existsSync(path))
    throw new InputError(`${name} ${quote(path)} already exists.`, {
      details: 'It is never overwritten. Choose another name.',
    })
  return path
}
