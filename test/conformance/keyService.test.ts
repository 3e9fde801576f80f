import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  type KeyService,
  Message,
  Signature,
  SigningKey,
  Transaction,
} from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { createPkcs11Service, openToken } from '@keyward/core/pkcs11'
import { fromSdk } from '@keyward/core/sdk'
import {
  Transaction as Ethers,
  keccak256,
  recoverAddress,
  toBeHex,
} from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLocalHome } from '../../packages/local/src/index.js'
import { sampled } from '../support/sampled.js'
import { createSoftHsm, pin, withoutHsm } from '../support/softHsm.js'

// Whatever a key lives in, it signs in the same way: the lean client, the AWS
// SDK and a PKCS#11 token, each before what it really talks to.

type UnderTest = { service: KeyService; keyId: string; close(): Promise<void> }

async function openKms(toService: (options: object) => KeyService) {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-service-'))
  const home = await createLocalHome({
    ...{ dataDir: join(folder, 'home'), port: 0, chain: false },
  })
  const options = {
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials('operator'),
  }
  const client = new KMSClient(options)
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
    }),
  )
  client.destroy()
  return {
    service: toService(options),
    keyId: KeyMetadata?.KeyId ?? '',
    async close() {
      await home.close()
      await rm(folder, { recursive: true })
    },
  }
}

const kinds: Record<string, () => Promise<UnderTest>> = {
  'the lean client': () => openKms((options) => createKmsClient(options)),
  'the AWS SDK': () => openKms((options) => fromSdk(new KMSClient(options))),
  ...(withoutHsm
    ? {}
    : {
        'a PKCS#11 token': async () => {
          const hsm = createSoftHsm(['conformance'])
          const at = { library: hsm.library, tokenLabel: 'conformance', pin }
          await openToken(at).createKey({ label: 'key', isExtractable: false })
          const service = await createPkcs11Service(at)
          return {
            service,
            keyId: 'key',
            async close() {
              await service.close()
              hsm.remove()
            },
          }
        },
      }),
}

const order = Signature.order
const bytes32 = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`
/** Digests at the edges of the curve's order and of bytes, and many others. */
const digests: [name: string, digest: string][] = [
  ['0', bytes32(0n)],
  ['1', bytes32(1n)],
  ['n - 1', bytes32(order - 1n)],
  ['n', bytes32(order)],
  ['n + 1', bytes32(order + 1n)],
  ['n / 2', bytes32(order >> 1n)],
  ['2^256 - 1', bytes32(2n ** 256n - 1n)],
  ['2^255', bytes32(2n ** 255n)],
  ...Array.from({ length: 31 }, (_, at): [string, string] => [
    `one bit in byte ${at + 1}`,
    bytes32(1n << BigInt(8 * at)),
  ]),
  ...Array.from({ length: 65 }, (_, index): [string, string] => [
    `hash ${index}`,
    keccak256(toBeHex(index)),
  ]),
]
const messages = [
  ...['', 'a', 'hello', '\u0000', 'ünïcödé', '🔑', '\n', ' '],
  ...[31, 32, 33, 55, 56, 64, 65, 127, 128, 255, 256, 1000].map((length) =>
    'x'.repeat(length),
  ),
]
const to = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8' as const
const base = {
  chainId: 1,
  nonce: 3n,
  gas: 21_000n,
  value: 5n,
  data: '0x',
  to,
} as const
const fees = {
  ...{ maxFeePerGas: 2n * 10n ** 9n, maxPriorityFeePerGas: 1n },
  accessList: [],
}
const edges = [0n, 1n, 127n, 128n, 255n, 256n, 2n ** 64n, 2n ** 80n]
const transactions: [name: string, transaction: Transaction.Unsigned][] = [
  ...edges.map((value): [string, Transaction.Unsigned] => [
    `EIP-1559 of ${value} wei`,
    { type: 'eip1559', ...base, ...fees, value },
  ]),
  ...edges
    .slice(0, 6)
    .map((nonce): [string, Transaction.Unsigned] => [
      `EIP-1559 with nonce ${nonce}`,
      { type: 'eip1559', ...base, ...fees, nonce },
    ]),
  ...[1, 31337, 2 ** 31, 2 ** 40].map(
    (chainId): [string, Transaction.Unsigned] => [
      `legacy on chain ${chainId}`,
      { type: 'legacy', ...base, chainId, gasPrice: 7n },
    ],
  ),
  ...['0x00', '0xdeadbeef', `0x${'ab'.repeat(1000)}`].map(
    (data): [string, Transaction.Unsigned] => [
      `data of ${(data.length - 2) / 2} bytes`,
      {
        type: 'eip1559',
        ...base,
        ...fees,
        data: data as `0x${string}`,
        gas: 100_000n,
      },
    ],
  ),
  [
    'an access list',
    {
      ...{ type: 'eip2930', ...base, gas: 50_000n, gasPrice: 9n },
      accessList: [
        { address: to, storageKeys: [bytes32(7n) as `0x${string}`] },
      ],
    },
  ],
]

for (const [name, open] of Object.entries(kinds))
  describe(name, () => {
    let at: UnderTest
    let key: SigningKey.SigningKey
    beforeAll(async () => {
      at = await open()
      key = await SigningKey.connect(at)
    })
    afterAll(() => at.close())

    test.each(sampled(digests, 3))('signs the digest %s', async (_, digest) => {
      const bytes = Buffer.from(digest.slice(2), 'hex')
      const { der, keyRef } = await at.service.signDigest(at.keyId, bytes)
      const { r, s } = Signature.fromDer(der)
      const low = Signature.toLowS({ r, s })
      const found = ([0, 1] as const).map((yParity) =>
        recoverAddress(digest, Signature.toHex({ ...low, yParity })),
      )
      expect(found).toContain(key.address)
      expect(keyRef).toBe((await at.service.getPublicKey(at.keyId)).keyRef)
    })

    test.each(sampled(messages, 3))('signs the message %j', async (message) => {
      const signature = await Message.sign(key, message)
      expect(recoverAddress(Message.getSignPayload(message), signature)).toBe(
        key.address,
      )
    })

    test.each(sampled(transactions, 3))(
      'signs a transaction: %s',
      async (_, transaction) => {
        const { raw } = await Transaction.sign(key, transaction)
        expect(Ethers.from(raw).from).toBe(key.address)
      },
    )

    test('a digest that changes while it is signed is signed as it was', async () => {
      const digest = new Uint8Array(32).fill(7)
      const signing = at.service.signDigest(at.keyId, digest)
      digest.fill(8)
      const { der } = await signing
      const low = Signature.toLowS(Signature.fromDer(der))
      const signed = `0x${'07'.repeat(32)}`
      const found = ([0, 1] as const).map((yParity) =>
        recoverAddress(signed, Signature.toHex({ ...low, yParity })),
      )
      expect(found).toContain(key.address)
    })

    test('64 at once are 64 signatures, each of its own', async () => {
      const signed = await Promise.all(
        Array.from({ length: 64 }, (_, index) =>
          key.sign({ kind: 'message', message: `${index}` }),
        ),
      )
      for (const [index, signature] of signed.entries())
        expect(
          recoverAddress(
            Message.getSignPayload(`${index}`),
            Signature.toHex(signature),
          ),
        ).toBe(key.address)
    })

    test('two of one digest are both good', async () => {
      const one = await Message.sign(key, 'twice')
      const two = await Message.sign(key, 'twice')
      for (const signature of [one, two])
        expect(recoverAddress(Message.getSignPayload('twice'), signature)).toBe(
          key.address,
        )
    })

    test('a deadline that is past is kept, and nothing hangs on it', async () => {
      const late = { deadline: Date.now() - 1 }
      await expect(
        key.sign({ kind: 'message', message: 'late' }, late),
      ).rejects.toMatchObject({ code: expect.stringMatching(/timeout$/) })
      await expect(
        at.service.getPublicKey(at.keyId, late),
      ).rejects.toMatchObject({ code: expect.stringMatching(/timeout$/) })
      expect(await Message.sign(key, 'next')).toMatch(/^0x/)
    })

    test('what is not wanted any more is not answered', async () => {
      const signal = AbortSignal.abort(new Error('enough'))
      await expect(
        at.service.signDigest(at.keyId, new Uint8Array(32), { signal }),
      ).rejects.toThrow()
      await expect(
        key.sign({ kind: 'message', message: 'x' }, { signal }),
      ).rejects.toThrow('enough')
    })

    test.each(['no-such-key', 'alias/no-such-alias'])(
      'no key is called %s',
      async (keyId) => {
        await expect(at.service.getPublicKey(keyId)).rejects.toThrow()
        await expect(
          at.service.signDigest(keyId, new Uint8Array(32)),
        ).rejects.toThrow()
      },
    )

    test('the public key is a SubjectPublicKeyInfo of 88 bytes', async () => {
      const { spki } = await at.service.getPublicKey(at.keyId)
      expect(spki).toHaveLength(88)
    })

    test('another account than the expected one is refused', async () => {
      const wrong = SigningKey.open({ ...at, expectedAddress: to })
      await expect(
        wrong.sign({ kind: 'message', message: 'x' }),
      ).rejects.toThrow()
    })
  })
