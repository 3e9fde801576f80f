import type { Condition } from '../second/Document.js'
import type { Tuple, Value } from '../second/Value.js'
import { words } from './makeValue.js'
import type { Random } from './Random.js'
import { addresses, payees } from './world.js'

const most = 2n ** 256n - 1n
const strange = [
  ...['5', '-5', '007', '-0', 'abc', '0x', '0x1234', '0x123', '0X12', 'USDC'],
  ...['USDCe', 'thieves', payees[0]!, ...words],
  true,
  false,
]

/** A condition that mostly holds of the value, at its edge where it has one. */
function makeCondition(
  value: Value,
  random: Random,
  seconds: number,
  depth = 0,
): Condition {
  const { chance, pick } = random
  const made: Condition = {}
  for (let count = chance(0.2) ? 2 : 1; count > 0; count--)
    Object.assign(made, one(value, random, seconds, depth))
  if (chance(0.02)) made.atLeast = '5'
  if (chance(0.02)) made.startsWith = pick(['0x', 'a'])
  if (chance(0.02)) made.length = { atMost: '3' }
  return made
}

function one(
  value: Value,
  random: Random,
  seconds: number,
  depth: number,
): Condition {
  const { chance, pick } = random
  const edge = pick([0n, 0n, 0n, 0n, 1n, -1n])
  const inner = (given: Value) =>
    makeCondition(given, random, seconds, depth + 1)
  const among = (exact: string | boolean) =>
    chance(0.5)
      ? { equals: chance(0.9) ? exact : pick(strange) }
      : {
          in: [
            ...random.some(strange, 0.15),
            ...(chance(0.9) ? [exact] : []),
            'zz',
          ],
        }
  switch (value.is) {
    case 'number': {
      const bound = value.number + edge
      const amount = `${bound < 0n ? 0n : bound > most ? most : bound}`
      if (chance(0.35)) return { atMost: amount }
      if (chance(0.4)) return { atLeast: amount }
      const ahead = value.number - BigInt(seconds)
      if (ahead >= 0n && ahead < 1_000_000n)
        return { within: Math.max(0, Number(ahead + edge)) }
      return chance(0.45) ? { within: 60 } : among(`${value.number}`)
    }
    case 'address':
      if (chance(0.4))
        return { in: [pick(['payees', 'places', 'thieves']), value.address] }
      if (chance(0.3)) return { in: ['payees', 'places'] }
      return among(value.address)
    case 'boolean':
      return among(value.boolean)
    case 'text':
      if (chance(0.3))
        return { startsWith: chance(0.9) ? value.text.slice(0, 2) || 'a' : 'b' }
      if (chance(0.3))
        return { length: inner(sized(Buffer.byteLength(value.text))) }
      return among(value.text)
    case 'bytes':
      if (chance(0.3))
        return {
          startsWith: chance(0.9)
            ? value.hex.slice(0, 2 + 2 * random.int(5))
            : pick(['0xab', '0xA', '0x1', '0', 'abc']),
        }
      if (chance(0.3)) return { length: inner(sized(value.hex.length / 2 - 1)) }
      return among(
        chance(0.8) ? value.hex : `0x${value.hex.slice(2).toUpperCase()}`,
      )
    case 'list': {
      if (chance(0.2) || depth > 3)
        return { length: inner(sized(value.items.length)) }
      const full = value.items.filter((one) => !isEmpty(one))
      const item = pick(full) ?? value.items[0] ?? sized(0)
      if (item.is === 'list' && chance(0.7)) return { some: inner(item) }
      if (chance(0.2)) return { none: alien(item) }
      if (chance(0.25)) return { every: any(item) }
      return {
        [pick(['every', 'some', 'some', 'some', 'some', 'none'])]: inner(item),
      }
    }
    case 'tuple':
      return depth > 5
        ? { fields: {} }
        : { fields: conditionsOf(value, random, seconds, depth + 1) }
  }
}

const isEmpty = (value: Value) =>
  value.is === 'list' && value.items.length === 0

/** That does not hold of it. */
function alien(value: Value): Condition {
  switch (value.is) {
    case 'number':
      return { equals: '123456789' }
    case 'address':
      return { equals: `0x${'99'.repeat(20)}` }
    case 'bytes':
      return { equals: `0x${'a9'.repeat(value.hex.length / 2 - 1)}` }
    case 'text':
      return { equals: 'another' }
    case 'boolean':
      return { equals: !value.boolean }
    case 'list':
      return value.items[0]
        ? { some: alien(value.items[0]) }
        : { length: { equals: '77' } }
    case 'tuple': {
      const [[name, field] = ['', sized(0)] as const] = value.fields
      return { fields: { [name]: alien(field) } }
    }
  }
}

/** That holds of each like it. */
function any(value: Value): Condition {
  switch (value.is) {
    case 'number':
      return { atLeast: '0' }
    case 'address':
      return { in: [...addresses] }
    case 'bytes':
      return { startsWith: '0x' }
    case 'boolean':
      return { in: [true, false] }
    case 'list':
      return value.items[0]
        ? { every: any(value.items[0]) }
        : { length: { atMost: '1000' } }
    case 'text':
      return { length: { atMost: '1000' } }
    case 'tuple': {
      const [[name, field] = ['', sized(0)] as const] = value.fields
      return { fields: { [name]: any(field) } }
    }
  }
}

const sized = (length: number): Value => ({
  is: 'number',
  signed: false,
  number: BigInt(length),
})

export type Path = readonly [path: string, value: Value]

/** All arguments that have a path. */
export function pathsOf(from: Tuple, before = ''): Path[] {
  return from.fields.flatMap(([name, value]): Path[] => {
    const path = before + name
    return [
      [path, value],
      ...(value.is === 'tuple' ? pathsOf(value, `${path}.`) : []),
    ]
  })
}

export function conditionsOf(
  from: Tuple,
  random: Random,
  seconds: number,
  depth = 0,
): Record<string, Condition> {
  const paths = pathsOf(from)
  const deep = paths.filter(([, { is }]) => is === 'list' || is === 'tuple')
  const among = deep.length > 0 && random.chance(0.8) ? deep : paths
  const chosen = paths.length === 0 ? [] : [random.pick(among)]
  if (random.chance(0.3)) chosen.push(...random.some(paths, 0.3))
  return Object.fromEntries(
    chosen.map(([path, value]) => [
      path,
      makeCondition(value, random, seconds, depth),
    ]),
  )
}
