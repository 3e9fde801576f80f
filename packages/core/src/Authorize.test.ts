import { describe, expect, test, vi } from 'vitest'
import { createMemoryKey } from '../../../test/support/memoryKeyService.js'
import type { Authorize, SigningContext } from './Authorize.js'
import * as Digest from './digest/index.js'
import * as Message from './Message.js'
import { openTransactionKey } from './openTransactionKey.js'
import { openTypedDataKey } from './openTypedDataKey.js'
import type { SigningRequest } from './Request.js'
import * as SigningKey from './SigningKey.js'
import * as Transaction from './Transaction.js'

const keyId = 'alias/treasury'
const to = `0x${'77'.repeat(20)}` as const
const transaction = {
  type: 'eip1559',
  chainId: 1,
  nonce: 0n,
  gas: 21_000n,
  to,
  value: 5n,
  data: '0x',
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
  accessList: [{ address: to, storageKeys: [] as `0x${string}`[] }],
} satisfies Transaction.Unsigned
const request = { kind: 'transaction', transaction } as const
const message = { kind: 'message', message: 'hello' } as const

class RefusedByPolicy extends Error {}

/** A key whose policy says what it heard, and what it is told to say. */
async function open(answer: Authorize = () => {}, connected = true) {
  const memory = createMemoryKey()
  const heard: Parameters<Authorize>[] = []
  const parameters = {
    service: memory.service,
    keyId,
    authorize: ((...call) => {
      heard.push(call)
      return answer(...call)
    }) satisfies Authorize,
  }
  const key = connected
    ? await SigningKey.connect(parameters)
    : SigningKey.open(parameters)
  const signs = () => memory.calls.filter((c) => c === 'signDigest').length
  return { key, heard, signs, memory }
}

describe('a policy', () => {
  test('learns the meaning of each kind and our digest before KMS is called', async () => {
    const authorization = { address: to, chainId: 1, nonce: 0n }
    const typedData = {
      types: { Mail: [{ name: 'to', type: 'address' }] },
      primaryType: 'Mail',
      message: { to },
    }
    const requests: SigningRequest[] = [
      request,
      message,
      { kind: 'typedData', typedData },
      { kind: 'authorization', authorization },
      Digest.from(new Uint8Array(32).fill(7)),
      Digest.fromTransaction('0x7b01'),
    ]
    for (const one of requests) {
      const at: number[] = []
      const { key, heard, signs } = await open(() => {
        at.push(signs())
      })
      const context = { caller: 'payroll', transactionId: 't1' }
      const signed = await key.sign(one, { context })
      expect(heard).toEqual([
        [
          one,
          {
            ...context,
            address: key.address,
            purpose: 'request',
            keyId,
            digest: signed.digest,
          },
        ],
      ])
      expect(at).toEqual([0])
      expect(signs()).toBe(1)
    }
  })

  test.each([true, false])('refuses at no cost (connected: %s)', async (is) => {
    const refusal = new RefusedByPolicy('no')
    for (const answer of [
      () => {
        throw refusal
      },
      () => Promise.reject(refusal),
    ]) {
      const { key, memory } = await open(answer, is)
      const before = memory.calls.length
      await expect(key.sign(request)).rejects.toBe(refusal)
      expect(memory.calls).toHaveLength(before)
    }
  })

  test.each([false, true, 'ok', null])(
    'must return nothing, not %s',
    async (is) => {
      const { key, signs } = await open((() => is) as never)
      await expect(key.sign(message)).rejects.toMatchObject({
        code: 'not-authorized',
      })
      expect(signs()).toBe(0)
    },
  )

  test('does not allow a request by missing the deadline', async () => {
    const { key, signs } = await open(() => new Promise<void>(() => {}))
    await expect(
      key.sign(message, { deadline: Date.now() + 20 }),
    ).rejects.toMatchObject({
      code: 'signing-timeout',
      shortMessage: 'The deadline passed while waiting for the policy.',
    })
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(key.sign(message, { signal })).rejects.toThrow('gone')
    expect(signs()).toBe(0)
  })

  test('is asked again if the process slept before the signature', async () => {
    const { key, signs, memory } = await open()
    const { signDigest } = memory.service
    const asleep = (ms: number) => {
      memory.service.signDigest = (...all) => {
        vi.setSystemTime(Date.now() + ms)
        return signDigest.apply(memory.service, all)
      }
    }
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      asleep(60_000)
      await key.sign(message)
      asleep(60_001)
      await expect(key.sign(message)).rejects.toMatchObject({
        code: 'authorization-stale',
      })
      const context = { purpose: 'bump' } as const
      await expect(key.sign(request, { context })).rejects.toMatchObject({
        code: 'authorization-stale',
      })
      const nothing = {
        kind: 'transaction' as const,
        transaction: {
          ...{ ...transaction, value: 0n, accessList: [] },
          to: (await key.getAddress()) as `0x${string}`,
        },
      }
      await key.sign(nothing, { context: { purpose: 'cancel' } })
      expect(signs()).toBe(4)
      // Without a policy, nothing was allowed that could be stale.
      const { service } = memory
      const free = SigningKey.open({ service, keyId })
      await free.sign(message)
    } finally {
      vi.useRealTimers()
    }
  })

  test('gets a copy of what a hash was made from, if the caller says it', async () => {
    const { key, heard } = await open()
    const preimage = { kind: 'message' as const, message: 'hello' }
    const hash = Digest.from(new Uint8Array(32).fill(7))
    const signing = key.sign(hash, { context: { preimage } })
    preimage.message = 'changed'
    await signing
    await key.sign(hash)
    expect(heard.map(([, context]) => context.preimage)).toEqual([
      message,
      undefined,
    ])
    expect(heard[1]?.[1]).not.toHaveProperty('preimage')
  })

  test("can't change what is signed, and neither can the caller", async () => {
    const storageKeys: `0x${string}`[] = []
    const given = {
      ...transaction,
      accessList: [{ address: to, storageKeys }],
    } as Transaction.Unsigned & { value: bigint }
    const { key } = await open(async (asked) => {
      if (asked.kind !== 'transaction') throw new Error('another kind')
      expect(() => Object.assign(asked.transaction, { value: 6n })).toThrow()
      given.value = 7n
      storageKeys.push(`0x${'00'.repeat(32)}`)
    })
    const { raw, transaction: signed } = await Transaction.sign(key, given)
    expect(signed).toEqual(transaction)
    expect((await Transaction.decode(raw)).transaction).toEqual(transaction)
  })

  test('sees bytes as immutable hex', async () => {
    const raw = new Uint8Array([1, 2])
    const { key, heard } = await open(async () => {
      raw[0] = 9
    })
    const signature = await Message.sign(key, { raw })
    expect(heard[0]?.[0]).toEqual({
      kind: 'message',
      message: { raw: '0x0102' },
    })
    expect(signature).toMatch(/^0x[0-9a-f]{130}$/)
    const { digest } = await key.sign({
      kind: 'message',
      message: { raw: '0x0102' },
    })
    expect(heard[0]?.[1].digest).toBe(digest)
  })
})

describe('cancels and fillers', () => {
  const nothing = async (key: SigningKey.LazySigningKey) => ({
    kind: 'transaction' as const,
    transaction: {
      ...transaction,
      to: await key.getAddress(),
      value: 0n,
      accessList: [],
    },
  })
  const refuse = () => {
    throw new RefusedByPolicy('no')
  }

  test.each(['cancel', 'filler'] as const)(
    'no policy stops a %s, although it is notified',
    async (purpose) => {
      for (const answer of [
        refuse,
        async () => refuse(),
        () => new Promise<void>(() => {}),
      ])
        for (const connected of [true, false]) {
          const { key, heard, signs } = await open(answer, connected)
          await key.sign(await nothing(key), { context: { purpose } })
          expect(heard.map(([, context]) => context.purpose)).toEqual([purpose])
          expect(signs()).toBe(1)
        }
    },
  )

  test('a bump is a request: it can be refused', async () => {
    const { key, signs } = await open(refuse)
    const context = { purpose: 'bump' } as const
    await expect(key.sign(await nothing(key), { context })).rejects.toThrow(
      'no',
    )
    expect(signs()).toBe(0)
    const free = openTransactionKey({
      service: createMemoryKey().service,
      keyId,
    })
    const { digest } = await free.sign(await nothing(free), { context })
    expect(digest).toMatch(/^0x[0-9a-f]{64}$/)
  })

  test.each([
    [{ to }, 'its recipient (to) is not the account itself'],
    [{ to: undefined }, 'its recipient (to) is not the account itself'],
    [{ value: 1n }, 'its value is not 0'],
    [{ data: '0x00', gas: 30_000n }, 'it has data'],
    [{ accessList: transaction.accessList }, 'it has an access list'],
    [
      {
        type: 'eip7702',
        authorizationList: [
          {
            address: to,
            chainId: 1,
            nonce: 0n,
            r: `0x${'01'.repeat(32)}`,
            s: `0x${'01'.repeat(32)}`,
            yParity: 0,
          },
        ],
      },
      'its type is eip7702',
    ],
    [
      {
        type: 'eip4844',
        maxFeePerBlobGas: 1n,
        blobVersionedHashes: [`0x01${'07'.repeat(31)}`],
      },
      'its type is eip4844',
    ],
  ])('%o is not one, whatever it is called', async (change, reason) => {
    for (const purpose of ['cancel', 'filler'] as const)
      for (const authorize of [undefined, () => {}]) {
        const memory = createMemoryKey()
        const { service } = memory
        const key = await SigningKey.connect({ service, keyId, authorize })
        const { transaction: good } = await nothing(key)
        const changed = {
          kind: 'transaction' as const,
          transaction: { ...good, ...change } as Transaction.Unsigned,
        }
        await expect(
          key.sign(changed, { context: { purpose } }),
        ).rejects.toThrow(
          `The request has the purpose ${purpose}, but ${reason}.`,
        )
        expect(memory.calls).toEqual(['getPublicKey'])
      }
  })

  test.each(['legacy', 'eip2930'] as const)(
    'may be of type %s',
    async (type) => {
      const { key, signs } = await open(refuse)
      const { maxFeePerGas, maxPriorityFeePerGas, accessList, ...common } = (
        await nothing(key)
      ).transaction
      const transaction = {
        ...{ ...common, type, gasPrice: maxFeePerGas },
        ...(type === 'legacy' ? {} : { accessList }),
      } as Transaction.Unsigned
      const context = { purpose: 'cancel' } as const
      await key.sign({ kind: 'transaction', transaction }, { context })
      expect(signs()).toBe(1)
    },
  )

  test('only a transaction can be one', async () => {
    const { key, heard, signs } = await open()
    const context = { purpose: 'filler' } as const
    for (const one of [message, Digest.from(`0x${'07'.repeat(32)}`)])
      await expect(key.sign(one, { context })).rejects.toThrow(
        `The request has the purpose filler, but its kind is ${one.kind}.`,
      )
    expect([heard, signs()]).toEqual([[], 0])
  })

  test('an unknown purpose is refused', async () => {
    const { key, signs } = await open()
    const context = { purpose: 'Cancel' } as unknown as SigningContext
    await expect(key.sign(message, { context })).rejects.toThrow(
      'The signing context was refused: 1 problem.\n- purpose: got "Cancel"; allowed: request, bump, cancel or filler',
    )
    expect(signs()).toBe(0)
  })
})

test('a transaction key signs nothing else', async () => {
  const { service, calls } = createMemoryKey()
  const key = openTransactionKey({ service, keyId })
  for (const one of [message, Digest.from(`0x${'07'.repeat(32)}`)])
    await expect(key.sign(one)).rejects.toMatchObject({
      code: 'invalid-request',
    })
  expect(calls).toEqual([])
  await key.sign(request)
  expect(calls).toEqual(['signDigest', 'getPublicKey'])
})

test('a key for typed data signs nothing else', async () => {
  const { service, calls } = createMemoryKey()
  const key = openTypedDataKey({ service, keyId })
  const digest = Digest.from(`0x${'07'.repeat(32)}`)
  for (const one of [message, request, digest])
    await expect(key.sign(one)).rejects.toMatchObject({
      code: 'invalid-request',
    })
  expect(calls).toEqual([])
  const typedData = {
    types: { T: [{ name: 'v', type: 'bool' }] },
    ...{ primaryType: 'T', message: { v: true } },
  }
  await key.sign({ kind: 'typedData', typedData })
  expect(calls).toEqual(['signDigest', 'getPublicKey'])
})

describe('a digest', () => {
  test('is only accepted from its own module, not as a lookalike', async () => {
    const { key, signs } = await open()
    const made = Digest.from(`0x${'07'.repeat(32)}`)
    for (const forged of [
      { ...made },
      JSON.parse(JSON.stringify(made)),
      Object.create(made),
    ])
      await expect(key.sign(forged)).rejects.toMatchObject({
        code: 'invalid-request',
      })
    expect(signs()).toBe(0)
    await key.sign(made)
    expect(signs()).toBe(1)
  })

  test.each(['0x', '0x01', '0x19', '0x05c0', '0xc0', 'zz', '0x80'])(
    "is not made from %s, which is not a chain's own kind of transaction",
    (bytes) => {
      expect(() => Digest.fromTransaction(bytes as '0x')).toThrow(
        /^Not a valid chain-specific transaction: its type is /,
      )
    },
  )
})

test.each([
  [{ kind: 'cheque' }, 'kind: got "cheque"; allowed'],
  [{ kind: 'message' }, 'message: is missing'],
  [{ kind: 'toString' }, 'kind: got "toString"; allowed'],
])('%o is not a request', async (given, reason) => {
  const { key, memory } = await open()
  await expect(key.sign(given as never)).rejects.toThrow(reason)
  expect(memory.calls).toEqual(['getPublicKey'])
})

test('a getter is read only once, for both the decision and the signature', async () => {
  let reads = 0
  const { key } = await open()
  const sly = {
    ...transaction,
    get value() {
      return reads++ === 0 ? 5n : 500n
    },
  }
  const { raw } = await Transaction.sign(key, sly)
  expect((await Transaction.decode(raw)).transaction.value).toBe(5n)
  expect(reads).toBe(1)
})

test('a value that contains itself is refused', async () => {
  const { key } = await open()
  const loop: Record<string, unknown> = {}
  loop.again = loop
  const typedData = { types: {}, primaryType: 'A', message: loop }
  await expect(key.sign({ kind: 'typedData', typedData })).rejects.toThrow(
    'is nested too deeply',
  )
})
