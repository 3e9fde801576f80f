import { InputError, quote } from '@keyward/core/errors'
import type { Danger } from '@keyward/safe'
import type { Parse } from '../../program/Input.js'

/** @throws InputError */
export const parseDanger: Parse<Danger.Danger> = async (text, name) => {
  const { Danger } = await import('@keyward/safe')
  const found = Danger.names.find((each) => each === text)
  if (found !== undefined) return found
  throw new InputError(`${name} ${quote(text)} is not a danger.`, {
    details: `Known: ${Danger.names.join(', ')}.`,
  })
}

/** A nonce of a Safe, or the number that its address depends on. */
export const parseNumber: Parse<bigint> = async (text, name) => {
  const { Problems, Quantity } = await import('@keyward/core')
  const problems = Problems.create('command line')
  const value = Quantity.uint256(text, name, problems)
  problems.assertNone()
  return value ?? 0n
}

/** An amount of the chain's own currency, in wei. */
export const parseEther: Parse<bigint> = async (text, name) => {
  const { EtherAmount, Problems } = await import('@keyward/core')
  const problems = Problems.create('command line')
  const wei = EtherAmount.parse(text, name, problems)
  problems.assertNone()
  return wei ?? 0n
}

/** Call data. */
export const parseData: Parse<`0x${string}`> = async (text, name) => {
  const { HexField, Problems } = await import('@keyward/core')
  const problems = Problems.create('command line')
  const data = HexField.data(text, name, problems)
  problems.assertNone()
  return data ?? '0x'
}

/** Hash of a Safe transaction. */
export const parseHash: Parse<`0x${string}`> = async (text, name) => {
  const { HexField, Problems } = await import('@keyward/core')
  const problems = Problems.create('command line')
  const hash = HexField.fixed(32)(text, name, problems)
  problems.assertNone()
  return hash ?? '0x'
}
