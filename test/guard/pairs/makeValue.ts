import type { AbiParameter } from 'viem'
import type { Random } from './Random.js'
import { addresses } from './world.js'

const interesting = [
  0n,
  1n,
  2n,
  100n,
  1_000_000n,
  10n ** 18n,
  2n ** 96n - 2n,
  2n ** 96n - 1n,
  2n ** 96n,
  2n ** 112n - 1n,
  2n ** 112n,
  2n ** 160n - 1n,
  2n ** 256n - 1n,
]

export const words = ['', 'a', 'hello', 'grüß', 'payees', '0x12', '5', '日本']

export function makeNumber(type: string, random: Random): bigint {
  const bits = Number(/\d+$/.exec(type)?.[0] ?? 256)
  const signed = type.startsWith('int')
  const { chance, pick, int } = random
  const most = 2n ** BigInt(signed ? bits - 1 : bits) - 1n
  const some = chance(0.6) ? BigInt(int(1000)) : pick(interesting)
  const number = chance(0.02) ? most : some > most ? some % 7n : some
  return signed && chance(0.4) ? -number : number
}

/** As viem encodes it, its tuples as lists. */
export function makeValue(
  parameter: AbiParameter,
  random: Random,
  bytes: (name: string) => string = () => '0x',
): unknown {
  const { type } = parameter
  const { chance, pick, hex, int } = random
  const list = /^(.*)\[(\d*)\]$/.exec(type)
  if (list) {
    const item = { ...parameter, type: list[1]! }
    const length = list[2] === '' ? int(4) : Number(list[2])
    return Array.from({ length }, () => makeValue(item, random, bytes))
  }
  if ('components' in parameter)
    return parameter.components.map((one) => makeValue(one, random, bytes))
  if (type === 'address') return chance(0.03) ? `0x${hex(20)}` : pick(addresses)
  if (type === 'bool') return chance(0.5)
  if (type === 'string') return pick(words)
  if (type === 'bytes') return bytes(parameter.name ?? '')
  if (type.startsWith('bytes'))
    return chance(0.3)
      ? `0x${'00'.repeat(Number(type.slice(5)))}`
      : `0x${hex(Number(type.slice(5)))}`
  return makeNumber(type, random)
}
