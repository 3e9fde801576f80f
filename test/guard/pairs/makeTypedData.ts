import type { TypedData } from '../second/Asked.js'
import { knownKinds } from '../second/specification.js'
import { makeCall, makeInitCode } from './makeCall.js'
import { makeNumber, words } from './makeValue.js'
import type { Random } from './Random.js'
import {
  addresses,
  chains,
  contracts,
  declaredTypes,
  payees,
  tokenAddresses,
  zero,
} from './world.js'

const witness = (batch: string, list: string) =>
  `Permit${batch}WitnessTransferFrom(TokenPermissions${list} permitted,address spender,uint256 nonce,uint256 deadline,Act witness)Act(address who,uint256 much)TokenPermissions(address token,uint256 amount)`

const kinds = [
  ...knownKinds.values(),
  ...knownKinds.values(),
  // Rules decide on these less often.
  ...[...knownKinds].flatMap(([kind, type]) =>
    /Order|Operation|SafeTx/.test(kind) ? [type] : [],
  ),
  ...[witness('', ''), witness('', '')],
  ...[witness('Batch', '[]'), witness('Batch', '[]')],
  ...Object.values(declaredTypes),
  ...Object.values(declaredTypes),
  ...new Array<string>(8).fill(declaredTypes.Batch!),
]
/** Look like known ones and are others. */
const others = [
  'Permit(address owner,address spender,uint256 value,uint256 nonce,uint64 deadline)',
  'Order(address sellToken,uint256 sellAmount,uint32 validTo)',
  'PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)PermitDetails(address token,uint256 amount,uint48 expiration,uint48 nonce)',
  'SafeTx(address to,uint256 value,bytes data,uint8 operation)',
  'PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,uint256 witness)TokenPermissions(address token,uint256 amount)',
  witness('Batch', ''),
  witness('', '').replace('uint256 amount', 'uint160 amount'),
  'Vote(uint256 proposal,bool support)',
  'Strange(uint256 number)',
]

export function makeTypedData(random: Random, seconds: number): TypedData {
  const { chance, pick, hex } = random
  const type = chance(0.92) ? pick(kinds) : pick(others)
  const types: Record<string, { name: string; type: string }[]> = {}
  for (const [, name, fields] of type.matchAll(/(\w+)\(([^)]*)\)/g))
    types[name!] = fields!.split(',').map((field) => {
      const [type, name] = field.split(' ')
      return { name: name!, type: type! }
    })
  const primaryType = /^\w+/.exec(type)![0]
  const calm = chance(0.7)
  const make = (type: string, name: string): unknown => {
    const list = /^(.*)\[\]$/.exec(type)
    if (list) return random.times(3, () => make(list[1]!, name))
    if (types[type])
      return Object.fromEntries(
        types[type].map((one) => [one.name, make(one.type, one.name)]),
      )
    if (name === 'makerTraits') return makeTraits(random, seconds)
    if (/deadline|expir|valid(To|Before)/i.test(name)) {
      const most = 2n ** BigInt(/\d+$/.exec(type)?.[0] ?? 256) - 1n
      const time = pick([0, 60, 60, 3599, 3600, 3600, 3601, 1e5]) + seconds
      return `${chance(0.04) ? 0n : chance(0.04) ? most : time}`
    }
    if (calm && /gas|refund/i.test(name)) return simple(type)
    if (name === 'operation') return chance(0.8) ? 0 : random.int(3)
    if (/token|asset/i.test(name) && type === 'address')
      return chance(0.9) ? pick(tokenAddresses) : pick(addresses)
    if (name === 'receiver' && chance(0.3)) return zero
    if (name === 'initCode') return makeInitCode(random, 2)
    if (/callData|data/.test(name) && chance(0.7))
      return makeCall(random, 1).data
    return single(type, random)
  }
  const domain: Record<string, unknown> = {}
  if (chance(0.5)) domain.name = 'Thing'
  const wrapped = /^(SafeTx|Packed)/.test(type)
  if (chance(0.93)) domain.chainId = chance(0.8) ? 1 : pick([...chains, 5])
  if (chance(0.93))
    domain.verifyingContract = wrapped
      ? pick([...contracts, ...payees])
      : pick(chance(0.85) ? tokenAddresses : addresses)
  if (chance(0.05)) domain.salt = `0x${hex(32)}`
  const message = make(primaryType, '') as Record<string, unknown>
  if (chance(0.02)) message.extra = '1'
  if (chance(0.05)) declareDomain(types, domain, random)
  if (chance(0.015)) delete message[Object.keys(message)[0]!]
  return { types, domain, primaryType, message }
}

/** Of 1inch: a time in the middle, flags at the top. */
function makeTraits({ chance, pick, int }: Random, seconds: number): string {
  const end = chance(0.3) ? 0 : seconds + pick([60, 3600, 3601, 1e5])
  const flags = [247n, 248n, 249n, 250n, 255n].filter(() => chance(0.15))
  const parts = flags.map((bit) => 1n << bit)
  return `${parts.reduce((sum, one) => sum + one, (BigInt(end) << 80n) + BigInt(int(1000)))}`
}

const domainTypes = {
  name: 'string',
  chainId: 'uint256',
  verifyingContract: 'address',
  salt: 'bytes32',
} as const
const otherTypes = {
  string: 'bytes32',
  uint256: 'uint64',
  address: 'bytes',
  bytes32: 'bytes',
} as const

/** As data has it that declares the type of its domain, rightly or not. */
function declareDomain(
  types: Record<string, { name: string; type: string }[]>,
  domain: Record<string, unknown>,
  { chance, pick }: Random,
): void {
  types.EIP712Domain = Object.entries(domainTypes)
    .filter(([name]) => (name in domain ? chance(0.97) : chance(0.03)))
    .map(([name, type]) => ({
      ...{ name, type: chance(0.97) ? type : otherTypes[type] },
    }))
  if (domain.chainId !== undefined && chance(0.5))
    domain.chainId = pick([`${domain.chainId}`, '0x1'])
}

function simple(type: string): unknown {
  if (type === 'address') return zero
  return type.startsWith('bytes') ? `0x${'00'.repeat(32)}` : '0'
}

function single(type: string, random: Random): unknown {
  const { chance, pick, hex, int } = random
  if (type === 'address') return pick(addresses)
  if (type === 'bool') return chance(0.5)
  if (type === 'string') return pick(words)
  if (type === 'bytes') return `0x${hex(int(80))}`
  if (type.startsWith('bytes')) return `0x${hex(Number(type.slice(5)))}`
  const number = makeNumber(type, random)
  return number < 2n ** 50n && number > -(2n ** 50n) && chance(0.5)
    ? Number(number)
    : `${number}`
}
