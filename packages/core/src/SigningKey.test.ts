import { describe, expect, test } from 'vitest'
import { order } from '../../../test/support/curve.js'
import {
  createMemoryKey,
  keyArn,
  type MemoryKey,
  toDer,
} from '../../../test/support/memoryKeyService.js'
import * as Digest from './digest/index.js'
import * as PublicKey from './PublicKey.js'
import { loadEngine, recoverPublicKey } from './recoverPublicKey.js'
import * as SigningKey from './SigningKey.js'

const digest = new Uint8Array(32).fill(7)
const asked = Digest.from(digest)
const keyId = 'alias/treasury'
const otherArn =
  'arn:aws:kms:us-east-1:000000000000:key/99999999-2222-4333-8444-555555555555'

const addressOf = (key: MemoryKey) =>
  PublicKey.toAddress(PublicKey.fromSpki(key.spki))

/** The message of a promise's rejection, with the error's name. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'accepted'
}

const notByKey = (address: string) =>
  `InvalidSignatureError: Not a signature by this key: it does not belong to the key of ${address}.
The response was discarded. Check the key id and the endpoint. If both are correct, the response was corrupted or forged.
See docs/errors/invalid-signature.md`

const changed = (id: string, before: string, now: string) =>
  `KeyChangedError: ${
    id === before
      ? `The response for ${id} came from another key.
That key is ${now}. Signing has stopped. Check that the endpoint is KMS, and restart the process.`
      : `The key behind ${id} has changed.
It was ${before} and is now ${now}. Signing has stopped. If the change was intended, specify the new key by its full name (for a KMS key, its ARN), and restart the process.`
  }
See docs/errors/key-changed.md`

async function expectSigned(key: MemoryKey, signature: unknown) {
  const { r, s, yParity } = signature as {
    r: bigint
    s: bigint
    yParity: 0 | 1
  }
  expect(s <= order >> 1n).toBe(true)
  const engine = await loadEngine()
  const publicKey = recoverPublicKey(engine, digest, { r, s, yParity })
  expect(publicKey && PublicKey.toAddress(publicKey)).toBe(addressOf(key))
}

describe('calls', () => {
  test('connect asks once; then each signature is one Sign', async () => {
    const memory = createMemoryKey()
    const key = await SigningKey.connect({ service: memory.service, keyId })
    expect(memory.calls).toEqual(['getPublicKey'])
    expect(key.address).toBe(addressOf(memory))
    expect(key.publicKey).toEqual(PublicKey.fromSpki(memory.spki))
    for (let i = 0; i < 20; i++)
      await expectSigned(memory, await key.sign(asked))
    await key.getAddress()
    expect(memory.calls).toEqual([
      'getPublicKey',
      ...Array(20).fill('signDigest'),
    ])
  })

  test('connect with expectedAddress asks nothing, ever', async () => {
    const memory = createMemoryKey()
    const expectedAddress = addressOf(memory).toLowerCase() as `0x${string}`
    const { service } = memory
    const key = await SigningKey.connect({ service, keyId, expectedAddress })
    expect(memory.calls).toEqual([])
    expect(key.address).toBe(addressOf(memory))
    expect(key.publicKey).toBeUndefined()
    await expectSigned(memory, await key.sign(asked))
    await expectSigned(memory, await key.sign(asked))
    expect(key.publicKey).toEqual(PublicKey.fromSpki(memory.spki))
    expect(memory.calls).toEqual(['signDigest', 'signDigest'])
  })

  test('open sends both calls before either is answered', async () => {
    const memory = createMemoryKey()
    const inFlight: string[] = []
    let letGo = () => {}
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let bothSent = () => {}
    const both = new Promise<void>((resolve) => {
      bothSent = resolve
    })
    const wait = async (name: string) => {
      if (inFlight.push(name) === 2) bothSent()
      await gate
    }
    const key = SigningKey.open({
      keyId,
      service: {
        async getPublicKey(id) {
          await wait('getPublicKey')
          return memory.service.getPublicKey(id)
        },
        async signDigest(id, bytes) {
          await wait('signDigest')
          return memory.service.signDigest(id, bytes)
        },
      },
    })
    expect(key.address).toBeUndefined()
    const signing = key.sign(asked)
    await both
    expect(inFlight.sort()).toEqual(['getPublicKey', 'signDigest'])
    letGo()
    await expectSigned(memory, await signing)
    expect(key.address).toBe(addressOf(memory))
    await key.sign(asked)
    expect(inFlight).toHaveLength(3)
  })

  test('32 first signatures at once share one GetPublicKey', async () => {
    const memory = createMemoryKey()
    const key = SigningKey.open({ service: memory.service, keyId })
    const all = await Promise.all(
      Array.from({ length: 32 }, () => key.sign(asked)),
    )
    for (const signature of all) await expectSigned(memory, signature)
    const count = (name: string) =>
      memory.calls.filter((call) => call === name).length
    expect([count('getPublicKey'), count('signDigest')]).toEqual([1, 32])
  })

  test('the request id of Sign is passed on', async () => {
    const memory = createMemoryKey()
    const service = {
      ...memory.service,
      signDigest: async (id: string, bytes: Uint8Array) => ({
        ...(await memory.service.signDigest(id, bytes)),
        requestId: 'r-1',
      }),
    }
    const key = await SigningKey.connect({ service, keyId })
    expect((await key.sign(asked)).requestId).toBe('r-1')
    const silent = await SigningKey.connect({ service: memory.service, keyId })
    expect(await silent.sign(asked)).not.toHaveProperty('requestId')
  })

  test('after a failure, concurrent callers share one new call', async () => {
    const memory = createMemoryKey()
    let asked = 0
    const service = {
      ...memory.service,
      async getPublicKey(id: string) {
        if (asked++ === 0) throw new Error('throttled')
        return memory.service.getPublicKey(id)
      },
    }
    const key = SigningKey.open({ service, keyId })
    expect(await refusal(key.getAddress())).toBe('Error: throttled')
    await Promise.all([key.getAddress(), key.getAddress(), key.getAddress()])
    expect(asked).toBe(2)
  })

  test('a caller who shares a call waits until its own deadline', async () => {
    const { service } = createMemoryKey()
    const getPublicKey = () => new Promise<never>(() => {})
    const key = SigningKey.open({
      service: { ...service, getPublicKey },
      keyId,
    })
    void key.getAddress()
    const deadline = Date.now() + 10
    expect(await refusal(key.getAddress({ deadline }))).toMatch(
      /^SigningTimeoutError: The deadline passed while waiting for the public key\./,
    )
  })
})

describe('pins', () => {
  test('another key under the same ARN is refused, and the next call too', async () => {
    const [memory, other] = [createMemoryKey(), createMemoryKey()]
    const service = { ...memory.service }
    const key = await SigningKey.connect({ service, keyId })
    service.signDigest = other.service.signDigest
    for (let i = 0; i < 3; i++)
      expect(await refusal(key.sign(asked))).toBe(notByKey(addressOf(memory)))
    // Nothing says that the key changed: a right answer is still accepted.
    service.signDigest = memory.service.signDigest
    await expectSigned(memory, await key.sign(asked))
  })

  test('of a signature that is not returned, the call is named', async () => {
    const [memory, other] = [createMemoryKey(), createMemoryKey()]
    const told: unknown[] = []
    const service = { ...memory.service }
    const key = await SigningKey.connect({
      ...{ service, keyId },
      onDiscard: ({ digest, purpose }, { requestId, error }) =>
        told.push([purpose, digest, requestId, (error as Error).name]),
    })
    const signed = await key.sign(asked)
    expect(told).toEqual([])
    const forge =
      (arn: string): typeof service.signDigest =>
      async (...call) => ({
        ...(await other.service.signDigest(...call)),
        ...{ keyRef: arn, requestId: `id of ${arn}` },
      })
    for (const arn of [keyArn, otherArn]) {
      service.signDigest = forge(arn)
      await refusal(key.sign(asked))
    }
    // Nothing was signed by the service.
    await refusal(key.sign(asked))
    const about = ['request', signed.digest]
    expect(told).toEqual([
      [...about, `id of ${keyArn}`, 'InvalidSignatureError'],
      [...about, `id of ${otherArn}`, 'KeyChangedError'],
    ])
  })

  test('another ARN stops signing permanently', async () => {
    const memory = createMemoryKey()
    const moved = createMemoryKey({ arn: otherArn })
    const service = { ...memory.service }
    const key = await SigningKey.connect({ service, keyId })
    service.signDigest = moved.service.signDigest
    const message = changed(keyId, keyArn, otherArn)
    expect(await refusal(key.sign(asked))).toBe(message)
    service.signDigest = memory.service.signDigest
    const before = memory.calls.length
    expect(await refusal(key.sign(asked))).toBe(message)
    expect(await refusal(key.checkAddress())).toBe(message)
    expect(memory.calls).toHaveLength(before)
  })

  test('an alias that moved between the first two calls', async () => {
    const memory = createMemoryKey()
    const moved = createMemoryKey({ d: memory.d, arn: otherArn })
    const key = SigningKey.open({
      keyId,
      service: { ...memory.service, signDigest: moved.service.signDigest },
    })
    expect(await refusal(key.sign(asked))).toBe(
      changed(keyId, keyArn, otherArn),
    )
  })

  test('a given ARN is pinned before the first call', async () => {
    const memory = createMemoryKey({ arn: otherArn })
    const { service } = memory
    expect(await refusal(SigningKey.connect({ service, keyId: keyArn }))).toBe(
      changed(keyArn, keyArn, otherArn),
    )
    const expectedAddress = addressOf(memory)
    const key = SigningKey.open({ service, keyId: keyArn, expectedAddress })
    expect(await refusal(key.sign(asked))).toBe(
      changed(keyArn, keyArn, otherArn),
    )
  })

  test('an alias ARN does not name a key, so it is not pinned', async () => {
    const memory = createMemoryKey()
    const aliasArn = 'arn:aws:kms:us-east-1:000000000000:alias/treasury'
    const { service } = memory
    const key = await SigningKey.connect({ service, keyId: aliasArn })
    await expectSigned(memory, await key.sign(asked))
  })

  test('text that only contains an ARN does not name a key either', async () => {
    const memory = createMemoryKey()
    const { service } = memory
    const key = await SigningKey.connect({ service, keyId: `alias/${keyArn}` })
    await expectSigned(memory, await key.sign(asked))
  })

  test('a changed public key found by checkAddress stops signing', async () => {
    const [memory, other] = [createMemoryKey(), createMemoryKey()]
    const service = { ...memory.service }
    const key = await SigningKey.connect({ service, keyId })
    expect(await key.checkAddress()).toEqual({
      address: addressOf(memory),
      keyRef: keyArn,
    })
    service.getPublicKey = other.service.getPublicKey
    const message = `AddressMismatchError: The key ${keyId} does not belong to the expected address ${addressOf(memory)}.
The key's address is ${addressOf(other)}. Nothing was signed. Correct the key id or the expected address.
See docs/errors/address-mismatch.md`
    expect(await refusal(key.checkAddress())).toBe(message)
    service.getPublicKey = memory.service.getPublicKey
    expect(await refusal(key.sign(asked))).toBe(message)
  })

  test('an expected address of another key', async () => {
    const [memory, other] = [createMemoryKey(), createMemoryKey()]
    const { service } = memory
    const expectedAddress = addressOf(other)
    const key = await SigningKey.connect({ service, keyId, expectedAddress })
    expect(await refusal(key.sign(asked))).toBe(notByKey(expectedAddress))
    expect(key.publicKey).toBeUndefined()
    expect(await refusal(key.checkAddress())).toMatch(/^AddressMismatchError: /)
  })

  test('an invalid expected address is refused without repeating it', async () => {
    const { service, privateKey } = createMemoryKey()
    const expectedAddress = privateKey as `0x${string}`
    expect(
      await refusal(SigningKey.connect({ service, keyId, expectedAddress })),
    ).toBe(`InvalidRequestError: The signing key was refused: 1 problem.
- expectedAddress: got a hex string of 32 bytes; allowed: an address (0x followed by 40 hex digits, all lowercase or with its EIP-55 checksum)
See docs/errors/invalid-request.md`)
  })

  test('returned values cannot change the pinned key', async () => {
    const memory = createMemoryKey()
    const key = await SigningKey.connect({ service: memory.service, keyId })
    key.publicKey?.fill(0)
    await expectSigned(memory, await key.sign(asked))
  })
})

describe('trouble', () => {
  test('GetPublicKey fails while Sign succeeds; the next call recovers', async () => {
    const memory = createMemoryKey()
    let failures = 2
    const service = {
      ...memory.service,
      async getPublicKey(id: string) {
        if (failures-- > 0) throw new Error('throttled')
        return memory.service.getPublicKey(id)
      },
    }
    const key = SigningKey.open({ service, keyId })
    expect(await refusal(key.sign(asked))).toBe('Error: throttled')
    expect(await refusal(key.sign(asked))).toBe('Error: throttled')
    expect(key.address).toBeUndefined()
    await expectSigned(memory, await key.sign(asked))
    expect(memory.calls).toEqual([
      'signDigest',
      'signDigest',
      'signDigest',
      'getPublicKey',
    ])
  })

  test('if both calls fail, there is one error and none is unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    const fail = async () => {
      throw new Error('down')
    }
    const key = SigningKey.open({
      keyId,
      service: { getPublicKey: fail, signDigest: fail },
    })
    expect(await refusal(key.sign(asked))).toBe('Error: down')
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['garbage', Buffer.from('garbage')],
    ['r and s without DER', Buffer.alloc(64, 1)],
    [
      'a signature with a byte behind',
      Buffer.concat([toDer({ r: 1n, s: 1n }), Buffer.of(0)]),
    ],
    ['r that is on no point', toDer({ r: 5n, s: 1n })],
    ['numbers of nobody', toDer({ r: 1n, s: 1n })],
  ])('Sign answers %s', async (_, der) => {
    const memory = createMemoryKey()
    const service = {
      ...memory.service,
      signDigest: async () => ({ der, keyRef: keyArn }),
    }
    const key = await SigningKey.connect({ service, keyId })
    expect(await refusal(key.sign(asked))).toMatch(
      /^InvalidSignatureError: Not a signature by this key: /,
    )
    const { address } = key
    const pinned = SigningKey.open({ service, keyId, expectedAddress: address })
    expect(await refusal(pinned.sign(asked))).toMatch(
      /^InvalidSignatureError: /,
    )
  })

  test('a service may change its copy of the digest', async () => {
    const memory = createMemoryKey()
    const service = {
      ...memory.service,
      async signDigest(id: string, bytes: Uint8Array) {
        const answer = await memory.service.signDigest(id, bytes)
        bytes.fill(0)
        return answer
      },
    }
    const key = await SigningKey.connect({ service, keyId })
    await expectSigned(memory, await key.sign(asked))
  })

  test('a signature of another digest', async () => {
    const memory = createMemoryKey()
    const service = {
      ...memory.service,
      signDigest: (id: string) =>
        memory.service.signDigest(id, new Uint8Array(32).fill(8)),
    }
    const key = await SigningKey.connect({ service, keyId })
    expect(await refusal(key.sign(asked))).toBe(notByKey(addressOf(memory)))
  })

  test('a public key of another curve: no address, no signature', async () => {
    const memory = createMemoryKey()
    const service = {
      ...memory.service,
      getPublicKey: async () => ({
        spki: Buffer.from('3000', 'hex'),
        keyRef: keyArn,
      }),
    }
    const name = /^InvalidPublicKeyError: /
    expect(await refusal(SigningKey.connect({ service, keyId }))).toMatch(name)
    const key = SigningKey.open({ service, keyId })
    expect(await refusal(key.sign(asked))).toMatch(name)
  })

  test('an invalid digest is refused before any call', async () => {
    const memory = createMemoryKey()
    const key = SigningKey.open({ service: memory.service, keyId })
    const sign = async (length: number) =>
      key.sign(Digest.from(new Uint8Array(length)))
    for (const length of [0, 20, 31, 33, 64])
      expect(await refusal(sign(length))).toBe(
        `InvalidDigestError: A digest has 32 bytes, but this one has ${length}. Hash the message first.
See docs/errors/invalid-digest.md`,
      )
    expect(memory.calls).toEqual([])
  })
})
