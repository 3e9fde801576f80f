import { type AbiParameter, encodeAbiParameters, type Hex } from 'viem'
import { known, type Signature, signature } from '../second/abi.js'
import { permit2, running } from '../second/specification.js'
import { makeValue } from './makeValue.js'
import type { Random } from './Random.js'
import {
  accounts,
  addresses,
  batches,
  contracts,
  declaredFunctions,
  payees,
  tokenAddresses,
  zero,
} from './world.js'

export type Made = { to: string; value: bigint; data: string }

const declared = declaredFunctions.map((one) => signature(one, false))
const runners = known.filter(({ name }) => running.has(name))
const common = known.filter(({ name }) =>
  ['transfer', 'approve', 'transferFrom', 'safeTransferFrom'].includes(name),
)
const ofPermit2 = known.filter(({ text }) =>
  /^(lockdown|permitTransferFrom|permit\(address,\(|approve\(address,address|transferFrom\(.*address,?\)|transferFrom\(\()/.test(
    text,
  ),
)
/** The functions that run one call, by which chains of calls are made. */
const chaining = runners.filter(({ name }) =>
  ['multicall', 'execTransaction', 'execute'].includes(name),
)

export function makeCall(random: Random, depth = 0): Made {
  const { chance, pick, int } = random
  const value = chance(0.7) ? 0n : pick([1n, 1000n, 10n ** 18n])
  if (depth === 0 && chance(0.12))
    return {
      to: pick([...payees, ...addresses]),
      value: value + 1n,
      data: '0x',
    }
  if (depth === 0 && chance(0.06)) return chain(random, 6 + int(5))
  const of = chooseFunction(random, depth)
  const data = damage(encode(of, random, depth), random)
  return { to: chooseContract(of, random), value, data }
}

function chooseFunction(random: Random, depth: number): Signature {
  const { chance, pick } = random
  if (chance(0.3)) return pick(common)
  if (chance(0.2)) return pick(declared)
  if (chance(0.2)) return pick(ofPermit2)
  if (depth < 3 && chance(0.35)) return pick(runners)
  const one = pick(known)
  return depth >= 3 && running.has(one.name) ? pick(common) : one
}

function chooseContract(of: Signature, random: Random): string {
  const { chance, pick } = random
  if (chance(0.06)) return pick(accounts)
  if (chance(0.08)) return pick(addresses)
  if (ofPermit2.includes(of) && chance(0.8)) return permit2
  if (of.name === 'multiSend' && chance(0.7)) return pick(batches)
  if (declared.includes(of) || running.has(of.name)) return pick(contracts)
  const collection = /^(safe|setApprovalForAll)/.test(of.name)
  if (collection && chance(0.8)) return pick(tokenAddresses.slice(2, 4))
  return pick(tokenAddresses)
}

/** Calls within calls, to the eighth level and beyond. */
function chain(random: Random, depth: number): Made {
  let made = makeCall(random, 3)
  for (let level = 0; level < depth; level++) {
    const of = random.pick(chaining)
    made = {
      to: random.pick(contracts),
      value: 0n,
      data: encodeOne(of, random, made),
    }
  }
  return made
}

function encodeOne(of: Signature, random: Random, inner: Made): string {
  return encodeWith(of, (one) => {
    if (one.name === 'mode') return modes[0]
    if (one.name === 'executionData') return listOf([inner])
    if (one.name === 'data' && one.type === 'bytes[]') return [inner.data]
    if (one.name === 'data') return inner.data
    if (one.name === 'to' || one.name === 'target') return inner.to
    if (one.name === 'operation') return 0
    if (one.name === 'gasToken' || one.name === 'refundReceiver') return zero
    return one.type.startsWith('uint') ? 0n : makeValue(one, random)
  })
}

/** Ordinary arguments; calls where a function runs some. */
function encode(of: Signature, random: Random, depth: number): string {
  const { chance, hex, int, pick } = random
  const runs = running.has(of.name)
  const bytes = (name: string) => {
    if (name === 'transactions') return packed(random, depth)
    if (name === 'initCode') return makeInitCode(random, depth)
    const inner = !/signature|paymaster|initCode|note/i.test(name) && runs
    if (inner && chance(0.85)) {
      const made = makeCall(random, depth + 1)
      return made.data
    }
    return chance(0.5) ? '0x' : `0x${hex(1 + int(40))}`
  }
  const plain = chance(0.6)
  const mode = chance(0.9) ? pick(modes) : `0x${hex(32)}`
  return encodeWith(of, (one) => {
    if (one.name === 'mode') return mode
    if (one.name === 'executionData') return execution(mode, random, depth)
    if (of.name.startsWith('execTransaction')) {
      if (one.name === 'operation') return chance(0.8) ? 0 : int(3)
      if (plain && /gas|refund/i.test(one.name ?? ''))
        return one.type === 'address' ? zero : 0n
    }
    // Lists of one call each have the same length more often than by chance.
    if (of.text === 'executeBatch(address[],uint256[],bytes[])' && plain) {
      const item = { ...one, type: one.type.slice(0, -2) }
      return [makeValue(item, random, bytes)]
    }
    if (of.name === 'permitTransferFrom' && plain && one.type === 'tuple[]')
      return [makeValue({ ...one, type: 'tuple' }, random, bytes)]
    if (one.name === 'targets') return random.times(2, () => pick(addresses))
    return makeValue(one, random, bytes)
  })
}

/** Nothing, a factory and its call, EIP-7702's, or bytes that are neither. */
export function makeInitCode(random: Random, depth: number): string {
  const { chance, hex, int } = random
  if (chance(0.6)) return '0x'
  if (chance(0.1)) return `0x7702${'00'.repeat(int(20))}`
  if (chance(0.1)) return `0x${hex(1 + int(30))}`
  const { to, data } = makeCall(random, depth + 1)
  const first = chance(0.2) ? `0x7702${'00'.repeat(18)}` : to
  return first + (chance(0.15) ? '' : data.slice(2))
}

/** Of ERC-7579 and ERC-7821: lists, one call, a delegatecall. */
const modes = [
  `0x01${'00'.repeat(31)}`,
  `0x0101${'00'.repeat(30)}`,
  `0x01000000000078210001${'00'.repeat(22)}`,
  `0x${'00'.repeat(32)}`,
  `0x0001${'00'.repeat(30)}`,
  `0xff${'00'.repeat(31)}`,
]

const listTypes = [
  {
    type: 'tuple[]',
    components: ['address', 'uint256', 'bytes'].map((type) => ({ type })),
  },
]
const listOf = (calls: readonly Made[], more?: Hex): Hex =>
  encodeAbiParameters(
    more === undefined ? listTypes : [...listTypes, { type: 'bytes' }],
    [
      calls.map(({ to, value, data }) => [to, value, data]),
      ...(more === undefined ? [] : [more]),
    ] as never,
  )

function execution(mode: string, random: Random, depth: number): Hex {
  const { chance, hex, times } = random
  const inner = () => {
    const made = makeCall(random, depth + 1)
    return made.to === zero && chance(0.9) ? { ...made, to: permit2 } : made
  }
  // Data of another mode, now and then.
  const first = chance(0.95) ? mode.slice(2, 4) : 'ff'
  if (first === '01')
    return listOf(
      times(3, inner),
      chance(mode.includes('7821') ? 0.5 : 0.05) ? '0x1234' : undefined,
    )
  if (chance(0.03)) return `0x${hex(19)}`
  const { to, value, data } = inner()
  const word = first === '00' ? value.toString(16).padStart(64, '0') : ''
  return `${to}${word}${data.slice(2)}` as Hex
}

const nameless = (given: AbiParameter): AbiParameter =>
  'components' in given
    ? { type: given.type, components: given.components.map(nameless) }
    : { type: given.type }

function encodeWith(
  of: Signature,
  value: (one: AbiParameter) => unknown,
): string {
  const body =
    of.inputs.length === 0
      ? ''
      : encodeAbiParameters(
          of.inputs.map(nameless),
          of.inputs.map(value),
        ).slice(2)
  return of.selector + body
}

function packed(random: Random, depth: number): Hex {
  const { chance, int, times } = random
  const word = (number: bigint | number) =>
    number.toString(16).padStart(64, '0')
  const parts = times(3, () => {
    const { to, value, data } = makeCall(random, depth + 1)
    const operation = chance(0.8) ? 0 : int(3)
    const length = data.length / 2 - 1
    return `0${operation}${to.slice(2)}${word(value)}${word(length)}${data.slice(2)}`
  })
  return `0x${parts.join('')}${chance(0.03) ? '00' : ''}`
}

/** A bit flipped, bytes cut off or added; most stay whole. */
function damage(data: string, random: Random): string {
  const { chance, int, hex } = random
  const length = data.length / 2 - 1
  if (!chance(0.05) || length < 4) return data
  switch (int(5)) {
    case 0: {
      const at = 2 + 2 * int(length)
      const byte = Number.parseInt(data.slice(at, at + 2), 16) ^ (1 << int(8))
      return (
        data.slice(0, at) +
        byte.toString(16).padStart(2, '0') +
        data.slice(at + 2)
      )
    }
    case 1:
      return data.slice(0, 2 + 2 * int(length))
    case 2:
      return data + hex(1 + int(40))
    case 3:
      return `${data}${'00'.repeat(32)}`
    default:
      return data.slice(0, 10)
  }
}
