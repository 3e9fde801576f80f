import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { order } from '../../../../test/support/curve.js'
import {
  createMemoryKey,
  type MemoryKey,
} from '../../../../test/support/memoryKeyService.js'
import { soak } from '../../../../test/support/tools.js'
import eips from '../../../../test/vectors/eips.reference.json' with {
  type: 'json',
}
import * as Signature from '../Signature.js'
import * as SigningKey from '../SigningKey.js'
import * as Transaction from '../Transaction.js'

type Hex = `0x${string}`

const to = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const hash: Hex = `0x01${'00'.repeat(31)}`
const base = {
  chainId: 1,
  nonce: 0n,
  gas: 21000n,
  value: 0n,
  data: '0x',
  to,
} as const
const fees = { maxFeePerGas: 2n, maxPriorityFeePerGas: 1n, accessList: [] }
const authorization = {
  address: to,
  chainId: 0,
  nonce: 0n,
  ...Signature.toRpc({ r: 1n, s: 1n, yParity: 0 }),
} as const
const valid = {
  legacy: { type: 'legacy', ...base, gasPrice: 1n },
  eip2930: { type: 'eip2930', ...base, gasPrice: 1n, accessList: [] },
  eip1559: { type: 'eip1559', ...base, ...fees },
  eip4844: {
    type: 'eip4844',
    ...base,
    ...fees,
    maxFeePerBlobGas: 1n,
    blobVersionedHashes: [hash],
  },
  eip7702: {
    type: 'eip7702',
    ...base,
    ...fees,
    authorizationList: [authorization],
  },
} satisfies Record<string, Transaction.Unsigned>

let memory: MemoryKey
let key: SigningKey.SigningKey
beforeAll(async () => {
  memory = createMemoryKey()
  key = await SigningKey.connect({ service: memory.service, keyId: 'alias/a' })
})

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('accepted'),
    (error: unknown) => error as Error,
  )
  if (error.message === 'accepted') return error.message
  expect(error).toBeInstanceOf(Transaction.InvalidTransactionError)
  expect(error.cause).toBeUndefined()
  const [first, ...rest] = error.message.split('\n')
  expect(rest).toEqual(['See docs/errors/invalid-transaction.md'])
  return (
    first?.replace(
      /^Not a valid (?:transaction|authorization): (.*)\.$/,
      '$1',
    ) ?? ''
  )
}

describe('EIP-155', () => {
  const { transaction, privateKey, ...expected } = eips.eip155
  const { nonce, gasPrice, gasLimit, to, value, data, chainId } = transaction
  const example: Transaction.Unsigned = {
    type: 'legacy',
    chainId,
    nonce: BigInt(nonce),
    gasPrice: BigInt(gasPrice),
    gas: BigInt(gasLimit),
    to: to as Hex,
    value: BigInt(value),
    data: data as Hex,
  }
  const signature = {
    r: BigInt(expected.r),
    s: BigInt(expected.s),
    yParity: (expected.v - 37) as 0 | 1,
  }

  test("the EIP's own example, in both directions", async () => {
    expect(Transaction.serialize(example)).toBe(expected.unsignedRlp)
    expect(Transaction.getSignPayload(example)).toBe(expected.signingHash)
    expect(Transaction.serialize(example, signature)).toBe(expected.signedRlp)
    const own = createMemoryKey({ d: BigInt(privateKey) })
    const { address } = await SigningKey.connect({
      service: own.service,
      keyId: 'k',
    })
    expect(await Transaction.decode(expected.signedRlp as Hex)).toEqual({
      transaction: example,
      signature,
      hash: Transaction.hash(example, signature),
      from: address,
    })
  })

  test('v is exact up to the largest chain id, for both parities', () => {
    const { maxLegacyChainId } = Transaction
    for (
      let chainId = maxLegacyChainId;
      chainId > maxLegacyChainId - 80;
      chainId--
    )
      for (const yParity of [0, 1] as const) {
        const v = BigInt(chainId) * 2n + 35n + BigInt(yParity)
        const tx = { ...valid.legacy, chainId }
        expect(Transaction.serialize(tx, { r: 1n, s: 1n, yParity })).toMatch(
          new RegExp(`87${v.toString(16)}0101$`),
        )
      }
  })

  test('without it nothing is signed and nothing is read', async () => {
    const { chainId: _, ...tx } = valid.legacy
    expect(await refusal(Transaction.sign(key, tx as never))).toBe(
      'its chain id is missing; allowed: an integer from 1 to 2^53-1',
    )
    // v of 27: valid on every chain.
    const raw: Hex = `0xdf8001825208${`94${to.slice(2)}`}80801b0101`
    expect(await refusal(Transaction.decode(raw))).toBe(
      'it has no chain id, so it is valid on every chain; sign it again with a chain id (EIP-155)',
    )
  })
})

const secret: Hex = `0x${'ab'.repeat(32)}`
const quantity = 'is not a bigint from 0 to 2^256-1'
const hex = 'is not 0x followed by an even number of hex digits'
const unknownType =
  'its type is missing or unknown; allowed: legacy, eip2930, eip1559, eip4844 or eip7702'
const nonces = 'nonce is not a bigint from 0 to 2^64-2 (EIP-2681)'

const wrong: [keyof typeof valid, object, string][] = [
  ['eip1559', { type: 'toString' }, unknownType],
  ['eip1559', { type: undefined }, unknownType],
  [
    'eip1559',
    { chainId: 0 },
    'its chain id is 0; allowed: an integer from 1 to 2^53-1',
  ],
  [
    'eip1559',
    { chainId: 1.5 },
    'its chain id is 1.5; allowed: an integer from 1 to 2^53-1',
  ],
  [
    'eip1559',
    { chainId: 2 ** 53 },
    'its chain id is 9007199254740992; allowed: an integer from 1 to 2^53-1',
  ],
  [
    'eip1559',
    { chainId: secret },
    'its chain id is of type string; allowed: an integer from 1 to 2^53-1',
  ],
  [
    'legacy',
    { chainId: 4503599627370478 },
    'its chain id is 4503599627370478, but the largest for a legacy transaction is 4503599627370477; use type eip1559',
  ],
  ['eip1559', { nonce: undefined }, nonces],
  ['eip1559', { nonce: 1 }, nonces],
  ['eip1559', { nonce: -1n }, nonces],
  ['eip1559', { nonce: 2n ** 64n - 1n }, nonces],
  ['eip1559', { gas: undefined }, `gas ${quantity}`],
  ['eip1559', { value: undefined }, `value ${quantity}`],
  ['eip1559', { value: -1n }, `value ${quantity}`],
  ['eip1559', { value: 2n ** 256n }, `value ${quantity}`],
  ['eip1559', { value: secret }, `value ${quantity}`],
  ['eip1559', { maxFeePerGas: 2n ** 256n }, `maxFeePerGas ${quantity}`],
  [
    'eip1559',
    { maxPriorityFeePerGas: undefined },
    `maxPriorityFeePerGas ${quantity}`,
  ],
  [
    'eip1559',
    { maxPriorityFeePerGas: 3n },
    'maxPriorityFeePerGas is above maxFeePerGas',
  ],
  ['legacy', { gasPrice: undefined }, `gasPrice ${quantity}`],
  ['eip2930', { gasPrice: -1n }, `gasPrice ${quantity}`],
  ['eip4844', { maxFeePerBlobGas: undefined }, `maxFeePerBlobGas ${quantity}`],
  ['eip1559', { data: undefined }, `data ${hex}`],
  ['eip1559', { data: '0x123' }, `data ${hex}`],
  ['eip1559', { data: '0xzz' }, `data ${hex}`],
  ['eip1559', { data: 'hello!' }, `data ${hex}`],
  [
    'eip1559',
    { to: null },
    'the recipient (to) is not 0x followed by 40 hex digits',
  ],
  [
    'eip1559',
    { to: '0x' },
    'the recipient (to) is not 0x followed by 40 hex digits',
  ],
  [
    'eip1559',
    { to: secret },
    'the recipient (to) is not 0x followed by 40 hex digits',
  ],
  [
    'eip1559',
    { to: to.slice(2) },
    'the recipient (to) is not 0x followed by 40 hex digits',
  ],
  [
    'eip1559',
    { to: '0x70997970C51812dc3A010C7d01b50e0d17dc79c8' },
    'the recipient (to) has a wrong EIP-55 checksum; check it for a mistyped digit',
  ],
  ['eip1559', { accessList: undefined }, 'accessList is not an array'],
  [
    'eip1559',
    { accessList: [{ address: secret, storageKeys: [] }] },
    'the address of an accessList entry is not 0x followed by 40 hex digits',
  ],
  [
    'eip1559',
    { accessList: [{ address: to }] },
    'the storageKeys field of an accessList entry is not an array',
  ],
  [
    'eip1559',
    { accessList: [{ address: to, storageKeys: ['0x1'] }] },
    'a storage key in accessList is not 0x followed by 64 hex digits',
  ],
  [
    'eip1559',
    { accessList: [{ address: to, storageKeys: ['0x12'] }] },
    'a storage key in accessList is not 0x followed by 64 hex digits',
  ],
  [
    'eip4844',
    { to: undefined },
    "the recipient (to) is missing; type eip4844 can't create a contract",
  ],
  [
    'eip4844',
    { blobVersionedHashes: undefined },
    'blobVersionedHashes must be an array with at least one item',
  ],
  [
    'eip4844',
    { blobVersionedHashes: [] },
    'blobVersionedHashes must be an array with at least one item',
  ],
  [
    'eip4844',
    { blobVersionedHashes: [`0x02${hash.slice(4)}`] },
    'an item in blobVersionedHashes is not 0x01 followed by 62 hex digits',
  ],
  [
    'eip7702',
    { to: undefined },
    "the recipient (to) is missing; type eip7702 can't create a contract",
  ],
  [
    'eip7702',
    { authorizationList: [] },
    'authorizationList must be an array with at least one item',
  ],
  [
    'eip7702',
    { authorizationList: undefined },
    'authorizationList must be an array with at least one item',
  ],
  [
    'eip7702',
    { authorizationList: [{ ...authorization, address: secret }] },
    'its address is not 0x followed by 40 hex digits',
  ],
  [
    'eip7702',
    { authorizationList: [{ ...authorization, yParity: 2 }] },
    'a field cannot be encoded (Signature.InvalidYParityError)',
  ],
]

describe('refused before KMS is asked', () => {
  test.each(wrong)('%s with %o', async (type, change, reason) => {
    const before = memory.calls.length
    const tx = { ...valid[type], ...change } as Transaction.Unsigned
    expect(await refusal(Transaction.sign(key, tx))).toBe(reason)
    expect(memory.calls).toHaveLength(before)
  })

  test('the valid transactions that these differ from are signed', async () => {
    for (const tx of Object.values(valid))
      expect((await Transaction.sign(key, tx)).from).toBe(key.address)
  })
})

test("a caller's change while KMS signs is not sent", async () => {
  const tx = { ...valid.eip1559, value: 1n }
  const signing = Transaction.sign(key, tx)
  tx.value = 1000n
  const { raw } = await signing
  const decoded = await Transaction.decode(raw)
  expect(decoded.transaction.value).toBe(1n)
  expect(decoded.from).toBe(key.address)
})

describe('decode', () => {
  test('refuses a high s, an unsigned body and another encoding', async () => {
    const { raw } = await Transaction.sign(key, valid.eip1559)
    const { signature } = await Transaction.decode(raw)
    const high = { ...signature, s: order - signature.s }
    expect(
      await refusal(
        Transaction.decode(Transaction.serialize(valid.eip1559, high)),
      ),
    ).toBe(
      'the s value of its signature is in the upper half of the range (EIP-2)',
    )
    expect(
      await refusal(Transaction.decode(Transaction.serialize(valid.eip1559))),
    ).toBe('it is not signed')
    expect(await refusal(Transaction.decode(`${raw}00`))).not.toBe('accepted')
    expect(await refusal(Transaction.decode('0x'))).toBe(
      'its type is not 0, 1, 2, 3 or 4',
    )
  })

  test('any change to signed bytes is refused or gives another transaction', async () => {
    for (const tx of Object.values(valid)) {
      const { raw, hash } = await Transaction.sign(key, tx)
      const bytes = Buffer.from(raw.slice(2), 'hex')
      await fc.assert(
        fc.asyncProperty(
          fc.nat(bytes.length - 1),
          fc.integer({ min: 1, max: 255 }),
          fc.constantFrom('flip', 'remove', 'insert'),
          async (index, value, how) => {
            const changed = Buffer.concat([
              bytes.subarray(0, index),
              how === 'remove'
                ? Buffer.of()
                : Buffer.of(((bytes[index] ?? 0) ^ value) & 255),
              bytes.subarray(how === 'insert' ? index : index + 1),
            ])
            const text: Hex = `0x${changed.toString('hex')}`
            if (text === raw) return
            const decoded = await Transaction.decode(text).catch(
              (error: unknown) => {
                expect(error).toBeInstanceOf(
                  Transaction.InvalidTransactionError,
                )
                expect((error as Error).message.length).toBeLessThan(250)
                return undefined
              },
            )
            if (decoded === undefined) return
            expect(decoded.hash).not.toBe(hash)
            expect(
              Transaction.serialize(decoded.transaction, decoded.signature),
            ).toBe(text)
          },
        ),
        { numRuns: soak ? 300 : 50 },
      )
    }
  })

  test('numbers that no signature has', async () => {
    const scalars = [0n, order, 2n ** 256n - 1n]
    for (const tx of Object.values(valid))
      for (const r of scalars) {
        const raw = Transaction.serialize(tx, { r, s: 1n, yParity: 0 })
        expect(await refusal(Transaction.decode(raw))).not.toBe('accepted')
      }
    const raw = Transaction.serialize(valid.eip1559, {
      r: 1n,
      s: 0n,
      yParity: 0,
    })
    expect(await refusal(Transaction.decode(raw))).not.toBe('accepted')
  })

  test('any bytes give a transaction or the typed error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', '01', '02', '03', '04', 'c0', 'f8'),
        fc.uint8Array({ maxLength: 200 }),
        async (head, bytes) => {
          const raw: Hex = `0x${head}${Buffer.from(bytes).toString('hex')}`
          expect(await refusal(Transaction.decode(raw))).not.toBe('accepted')
        },
      ),
      { numRuns: soak ? 1000 : 100 },
    )
  })
})
