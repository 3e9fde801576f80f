import fc from 'fast-check'
import { getAddress } from 'viem'
import {
  NetworkData,
  Signature,
  Transaction,
} from '../../packages/core/src/index.js'
import { order } from '../support/curve.js'

type Hex = `0x${string}`

export const hex = (size: fc.SizeForArbitrary | number, min = 0) =>
  fc
    .uint8Array(
      typeof size === 'number'
        ? { minLength: min, maxLength: size, size: 'max' }
        : { size },
    )
    .map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)

const hash = hex(32, 32)

/** Lower case or with its checksum; sometimes with zeros in front. */
export const address = fc
  .tuple(hex(20, 20), fc.boolean(), fc.nat(3))
  .map(([bytes, checksum, zeros]): Hex => {
    const lower: Hex = `0x${'00'.repeat(zeros)}${bytes.slice(2 + 2 * zeros)}`
    return checksum ? getAddress(lower) : lower
  })

/** Of any length in bytes, so that short numbers are as frequent as long. */
export const uint = (bits: number) =>
  fc.oneof(
    fc.constantFrom(0n, 1n, 127n, 128n, 255n, 256n, 2n ** BigInt(bits) - 1n),
    fc
      .integer({ min: 1, max: bits })
      .chain((length) =>
        fc.bigInt({ min: 0n, max: 2n ** BigInt(length) - 1n }),
      ),
  )

/** Of no chain whose limits the library knows. */
const chainId = (max: number) =>
  fc
    .oneof(
      fc.constantFrom(2, 127, 128, 11155112, 31337, max - 1, max),
      fc.integer({ min: 1, max }),
    )
    .filter((id) => NetworkData.get(id).maxGas === undefined)

const accessList = fc.array(
  fc.record({ address, storageKeys: fc.array(hash, { maxLength: 3 }) }),
  { maxLength: 3 },
)

const data = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Hex>('0x') },
  { weight: 1, arbitrary: fc.constantFrom<Hex>('0x00', '0x7f', '0x80') },
  { weight: 5, arbitrary: hex(100) },
  // Longer than one byte of length, and than two.
  {
    weight: 1,
    arbitrary: fc.nat(70_000).map((n): Hex => `0x${'5a'.repeat(n)}`),
  },
)

const scalar = fc.oneof(
  fc.bigInt({ min: 1n, max: order - 1n }),
  fc
    .integer({ min: 1, max: 31 })
    .chain((bytes) =>
      fc.bigInt({ min: 1n, max: 2n ** BigInt(8 * bytes) - 1n }),
    ),
)

/** As it stands in an authorisation; nobody checks who signed it here. */
const authorization = fc
  .record({
    address,
    chainId: fc.oneof(fc.constant(0), chainId(Number.MAX_SAFE_INTEGER)),
    nonce: uint(53),
    r: scalar,
    s: scalar,
    yParity: fc.constantFrom(0 as const, 1 as const),
  })
  .map(({ r, s, yParity, ...rest }) => ({
    ...rest,
    ...Signature.toRpc({ r, s, yParity }),
  }))

const maybeTo = fc.option(address, { nil: undefined, freq: 6 })

/** Bits of the widest quantities: alloy, which cast stands on, has less. */
export type Width = { wei: number; gas: number; fee: number; nonce: number }

/**
 * What viem and ethers take: nonces are numbers there. No more in all than
 * 2^256-1, which is all that an account can pay.
 */
export const wide: Width = { wei: 255, gas: 64, fee: 191, nonce: 53 }

/** A complete transaction of each type, quantities and lists of every size. */
export function transaction(width: Width): fc.Arbitrary<Transaction.Unsigned> {
  const base = {
    nonce: fc.oneof(fc.constant(0n), uint(width.nonce)).map(belowMax),
    gas: uint(width.gas),
    value: uint(width.wei),
    data,
  }
  const typed = {
    ...base,
    chainId: chainId(Number.MAX_SAFE_INTEGER),
    accessList,
  }
  const fees = fc
    .tuple(uint(width.fee), uint(width.fee))
    .map(([a, b]) =>
      a > b
        ? { maxFeePerGas: a, maxPriorityFeePerGas: b }
        : { maxFeePerGas: b, maxPriorityFeePerGas: a },
    )
  const legacy = fc.record({
    type: fc.constant('legacy' as const),
    ...base,
    to: maybeTo,
    chainId: chainId(Transaction.maxLegacyChainId),
    gasPrice: uint(width.fee),
  })
  const eip2930 = fc.record({
    type: fc.constant('eip2930' as const),
    ...typed,
    to: maybeTo,
    gasPrice: uint(width.fee),
  })
  const eip1559 = fc.record({
    type: fc.constant('eip1559' as const),
    ...typed,
    to: maybeTo,
    fees,
  })
  const eip4844 = fc.record({
    type: fc.constant('eip4844' as const),
    ...typed,
    to: address,
    fees,
    maxFeePerBlobGas: uint(width.fee),
    blobVersionedHashes: fc.array(
      hash.map((value): Hex => `0x01${value.slice(4)}`),
      { minLength: 1, maxLength: 4 },
    ),
  })
  const eip7702 = fc.record({
    type: fc.constant('eip7702' as const),
    ...typed,
    to: address,
    fees,
    authorizationList: fc.array(authorization, { minLength: 1, maxLength: 3 }),
  })
  return fc
    .oneof(legacy, eip2930, eip1559, eip4844, eip7702)
    .map(({ to, ...fields }) => {
      const { fees: given, ...rest } = { fees: {}, ...fields }
      return {
        ...rest,
        ...given,
        ...(to === undefined ? {} : { to }),
      } as Transaction.Unsigned
    })
}

// EIP-2681: 2^64 - 1 is no nonce.
function belowMax(nonce: bigint): bigint {
  return nonce === 2n ** 64n - 1n ? nonce - 1n : nonce
}

/** With addresses in lower case, as they are read back from bytes. */
export function lowerCase<T>(value: T): T {
  if (typeof value === 'string') return value.toLowerCase() as T
  if (Array.isArray(value)) return value.map(lowerCase) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, lowerCase(entry)]),
  ) as T
}
