import {
  hashAuthorization,
  hashMessage,
  TypedDataEncoder,
  verifyAuthorization,
  verifyMessage,
  verifyTypedData,
} from 'ethers'
import fc from 'fast-check'
import {
  hashTypedData,
  hashMessage as viemHashMessage,
  verifyMessage as viemVerifyMessage,
  verifyTypedData as viemVerifyTypedData,
} from 'viem'
import {
  hashAuthorization as viemHashAuthorization,
  verifyAuthorization as viemVerifyAuthorization,
} from 'viem/utils'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  Authorization,
  Message,
  recoverAddress,
  SigningKey,
  TypedData,
} from '../../packages/core/src/index.js'
import { createMemoryKey } from '../support/memoryKeyService.js'
import { soak } from '../support/tools.js'
import eips from '../vectors/eips.reference.json' with { type: 'json' }
import { address, hex, uint } from './arbitraries.js'

vi.setConfig({ testTimeout: soak ? 1_200_000 : 60_000 })

let key: SigningKey.SigningKey
beforeAll(async () => {
  const { service } = createMemoryKey()
  key = await SigningKey.connect({ service, keyId: 'alias/differential' })
})

const runs = { numRuns: soak ? 2000 : 15 }

describe('EIP-191', () => {
  test('texts of every script, and bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.constantFrom(
            '',
            '0x',
            '0x1234',
            '\u0000',
            'é',
            '🗝️',
            '\u0019Ethereum',
          ),
          hex(300).map((raw) => ({ raw })),
          fc.uint8Array().map((raw) => ({ raw })),
        ),
        async (message) => {
          const bytes =
            typeof message === 'string'
              ? message
              : typeof message.raw === 'string'
                ? Buffer.from(message.raw.slice(2), 'hex')
                : message.raw
          const digest = Message.getSignPayload(message)
          expect(digest).toBe(hashMessage(bytes))
          expect(digest).toBe(viemHashMessage(message))
          const signature = await Message.sign(key, message)
          expect(verifyMessage(bytes, signature)).toBe(key.address)
          expect(await recoverAddress(digest, signature)).toBe(key.address)
          const { address } = key
          expect(await viemVerifyMessage({ address, message, signature })).toBe(
            true,
          )
        },
      ),
      runs,
    )
  })
})

const types = {
  Asset: [
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint256' },
    { name: 'delta', type: 'int128' },
  ],
  Order: [
    { name: 'maker', type: 'address' },
    { name: 'give', type: 'Asset' },
    { name: 'take', type: 'Asset[]' },
    { name: 'grid', type: 'uint8[2][]' },
    { name: 'salt', type: 'bytes32' },
    { name: 'tag', type: 'bytes3' },
    { name: 'note', type: 'string' },
    { name: 'blob', type: 'bytes' },
    { name: 'open', type: 'bool' },
  ],
}

const asset = fc.record({
  token: address,
  amount: uint(256),
  delta: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
})
const byte = fc.integer({ min: 0, max: 255 })
const order = fc.record({
  maker: address,
  give: asset,
  take: fc.array(asset, { maxLength: 3 }),
  grid: fc.array(fc.tuple(byte, byte), { maxLength: 3 }),
  salt: hex(32, 32),
  tag: hex(3, 3),
  note: fc.string({ unit: 'binary', maxLength: 40 }),
  blob: hex(70),
  open: fc.boolean(),
})
const domain = fc.record(
  {
    name: fc.string({ unit: 'binary', maxLength: 20 }),
    // An empty one is refused: viem and ethers differ on it.
    version: fc.string({ minLength: 1, maxLength: 5 }),
    chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    verifyingContract: address,
    salt: hex(32, 32),
  },
  { requiredKeys: [] },
)

describe('EIP-712', () => {
  test('values of every type, and domains of every shape', async () => {
    await fc.assert(
      fc.asyncProperty(domain, order, async (domain, message) => {
        const data = { domain, types, primaryType: 'Order', message } as const
        const digest = TypedData.getSignPayload(data)
        expect(digest).toBe(TypedDataEncoder.hash(domain, types, message))
        expect(digest).toBe(hashTypedData(data as never))
        const signature = await TypedData.sign(key, data)
        expect(verifyTypedData(domain, types, message, signature)).toBe(
          key.address,
        )
        const { address } = key
        expect(
          await viemVerifyTypedData({ address, signature, ...data } as never),
        ).toBe(true)
      }),
      runs,
    )
  })

  test("the EIP's own example", async () => {
    const { typedData, expect: expected, privateKey } = eips.eip712
    expect(TypedData.getSignPayload(typedData)).toBe(expected.signHash)
    const memory = createMemoryKey({ d: BigInt(privateKey) })
    const own = await SigningKey.connect({
      service: memory.service,
      keyId: 'k',
    })
    expect(own.address.toLowerCase()).toBe(expected.address)
    const { r, s, v } = expected
    const signature = `${r}${s.slice(2)}${v.toString(16)}` as `0x${string}`
    expect(
      await recoverAddress(expected.signHash as `0x${string}`, signature),
    ).toBe(own.address)
  })

  test.each([
    ['version', ''],
    ['chainId', '1'],
    ['chainID', 1],
    ['salt', ''],
  ])(
    'a domain with %s %o, which would be shown and not signed',
    (field, value) => {
      const data = {
        domain: { name: 'x', [field]: value },
        types: { A: [] },
        primaryType: 'A',
        message: {},
      }
      expect(() => TypedData.getSignPayload(data)).toThrow(
        `Not valid EIP-712 typed data: a field of its domain would not be signed.
The domain has ${field}, but its types don't declare it. Leave it out, or declare it in types as a field of EIP712Domain. Without that declaration, chainId must be a number and version must not be empty.
See docs/errors/invalid-typed-data.md`,
      )
    },
  )

  test('what does not fit its types is refused without its value', () => {
    const secret = `0x${'ab'.repeat(32)}`
    const value = { token: secret, amount: 1n, delta: 0n }
    const data = { types, primaryType: 'Asset', message: value } as const
    expect(() => TypedData.getSignPayload(data)).toThrow(
      `Not valid EIP-712 typed data: it does not match its types.
Each field of the message must have a value of its type; types, primaryType and message are required.
See docs/errors/invalid-typed-data.md`,
    )
  })
})

describe('EIP-7702', () => {
  test('authorisations, chain id 0 and nonce 0 among them', async () => {
    await fc.assert(
      fc.asyncProperty(
        address,
        fc.oneof(
          fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER),
          fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        ),
        fc.oneof(fc.constant(0n), uint(53)),
        async (contract, chainId, nonce) => {
          const authorization = { address: contract, chainId, nonce }
          const numbers = { ...authorization, nonce: Number(nonce) }
          const digest = Authorization.getSignPayload(authorization)
          expect(digest).toBe(
            hashAuthorization({ ...authorization, chainId: BigInt(chainId) }),
          )
          expect(digest).toBe(viemHashAuthorization(numbers))
          const signed = await Authorization.sign(key, authorization)
          const { r, s, yParity } = signed
          expect(signed).toEqual({ ...authorization, r, s, yParity })
          expect(await Authorization.recover(signed)).toBe(key.address)
          expect(verifyAuthorization(authorization, { r, s, yParity })).toBe(
            key.address,
          )
          expect(
            await viemVerifyAuthorization({
              address: key.address,
              authorization: { ...numbers, r, s, yParity },
            }),
          ).toBe(true)
        },
      ),
      runs,
    )
  })

  test.each([
    [
      { chainId: -1 },
      'its chain id is -1; allowed: an integer from 0 to 2^53-1',
    ],
    [
      { chainId: 0.5 },
      'its chain id is 0.5; allowed: an integer from 0 to 2^53-1',
    ],
    [
      { chainId: 2 ** 53 },
      'its chain id is 9007199254740992; allowed: an integer from 0 to 2^53-1',
    ],
    [{ nonce: -1n }, 'its nonce is not a bigint from 0 to 2^64-2'],
    [{ nonce: 2n ** 64n - 1n }, 'its nonce is not a bigint from 0 to 2^64-2'],
    [{ nonce: 1 }, 'its nonce is not a bigint from 0 to 2^64-2'],
    [
      { address: `0x${'ab'.repeat(32)}` },
      'its address is not 0x followed by 40 hex digits',
    ],
    [
      { address: '0x70997970C51812dc3A010C7d01b50e0d17dc79c8' },
      'its address has a wrong EIP-55 checksum; check it for a mistyped digit',
    ],
  ])('%o is refused before anything is signed', async (wrong, reason) => {
    const authorization = {
      address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      chainId: 1,
      nonce: 0n,
      ...wrong,
    } as Authorization.Authorization
    await expect(Authorization.sign(key, authorization)).rejects.toThrow(
      `Not a valid authorization: ${reason}.\nSee docs/errors/invalid-transaction.md`,
    )
  })
})
