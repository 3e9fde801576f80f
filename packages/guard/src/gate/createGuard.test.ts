import { type Hex, SigningKey, TransactionRequest } from '@keyward/core'
import { systemRuntime } from '@keyward/core/rpc'
import { toFunctionSelector } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import { parse } from '../policy/parse/parsePolicy.js'
import { GuardHaltedError } from '../windows/errors.js'
import { createWindows } from '../windows/memory/createWindows.js'
import type { Windows } from '../windows/Windows.js'
import { createAuthorize } from './createAuthorize.js'
import { createGuard } from './createGuard.js'

// The gate with windows: what is signed counts before it is signed, once for
// each nonce, and what has no room is not signed.

const payee = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const fee = 21_000n * 10n
const policyOf = (limit: bigint, mode = 'enforce') =>
  parse(
    JSON.stringify({
      version: 1,
      mode,
      groups: { payees: [payee] },
      windows: {
        day: { asset: 'native', chain: 1, length: 'day', limit: `${limit}` },
        calls: { asset: 'requests', length: 'hour', limit: '100' },
      },
      rules: [
        {
          id: 'pay',
          chains: [1],
          payment: {},
          recipients: ['payees'],
          windows: ['day', 'calls'],
        },
      ],
    }),
  )

const toRequest = (nonce: number, value: bigint, more: object = {}) => ({
  kind: 'transaction' as const,
  transaction: TransactionRequest.fromJson({
    ...{ type: 'eip1559', chainId: 1, nonce, gas: 21000, to: payee },
    ...{ value: `${value}`, maxFeePerGas: '10', maxPriorityFeePerGas: '1' },
    ...more,
  }),
})

type Asked = SigningKey.AuthorizeContext

let windows: Windows
beforeEach(() => {
  windows = createWindows()
})

async function openKey(limit: bigint, mode?: string) {
  const memory = createMemoryKey({ d: 1n })
  const { service } = memory
  const policy = policyOf(limit, mode)
  const authorize = createAuthorize({ policy, windows })
  const key = await SigningKey.connect({ service, keyId: 'test-1', authorize })
  return { key, policy, calls: memory.calls }
}

async function readSpent(limit: bigint, account: Hex) {
  const window = {
    id: 'day',
    asset: 'native',
    chain: 1n,
    length: 'day' as const,
  }
  const [spending] = await windows.read([
    { window: { ...window, limit }, scope: {} },
  ])
  return { spent: spending?.spent, account }
}

describe('a request', () => {
  const limit = 1000n + 2n * fee

  test('is signed up to the last unit in the window, and not beyond', async () => {
    const { key } = await openKey(limit)
    await key.sign(toRequest(0, 400n))
    await key.sign(toRequest(1, 600n))
    const refused = key.sign(toRequest(2, 0n))
    await expect(refused).rejects.toThrow(SigningKey.NotAuthorizedError)
    await expect(refused).rejects.toThrow(
      /windows\[day\]: got 0\.0+21 ETH on top of 0\.0+421 ETH/,
    )
    await expect(refused).rejects.toThrow(/will fit from 20/)
    expect(await readSpent(limit, key.address)).toMatchObject({ spent: limit })
  })

  test('counts once per nonce; a more expensive attempt adds the difference', async () => {
    const { key } = await openKey(limit)
    await key.sign(toRequest(0, 400n))
    await key.sign(toRequest(0, 400n))
    await key.sign(toRequest(0, 300n))
    await key.sign(toRequest(0, 700n), { context: { purpose: 'bump' } })
    expect(await readSpent(limit, key.address)).toMatchObject({
      spent: 700n + fee,
    })
  })

  test('of 30 concurrent requests, only those that fit are signed', async () => {
    const { key } = await openKey(5n * (100n + fee) + 99n)
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, (_, nonce) =>
        key.sign(toRequest(nonce, 100n)),
      ),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  })

  test('is not signed during a halt, but afterwards', async () => {
    const { key, policy } = await openKey(limit)
    await windows.halt('the test wants it')
    await expect(key.sign(toRequest(0, 1n))).rejects.toThrow(GuardHaltedError)
    await createGuard({ policy, windows }).unhalt('the test')
    await key.sign(toRequest(0, 1n))
  })

  test('is refused with an explanation if its account is unknown', async () => {
    const { service } = createMemoryKey({ d: 1n })
    const authorize = createAuthorize({ policy: policyOf(limit), windows })
    const key = SigningKey.open({ service, keyId: 'test-1', authorize })
    await expect(key.sign(toRequest(0, 1n))).rejects.toThrow(
      'Use SigningKey.connect',
    )
  })
})

describe('in shadow', () => {
  test('nothing is refused, even without room, in a halt or without the table', async () => {
    const { key } = await openKey(fee, 'shadow')
    await key.sign(toRequest(0, 1n))
    await windows.halt('the test wants it')
    await key.sign(toRequest(1, 0n))
    windows.reserve = async () => {
      throw new Error('no table')
    }
    await key.sign(toRequest(2, 0n))
    // Nor does anybody wait for one that is silent.
    windows.reserve = () => new Promise(() => {})
    await key.sign(toRequest(3, 0n), { deadline: Date.now() + 10_000 })
  })
})

describe('a cancel', () => {
  const limit = 1000n + fee
  const toCancel = (key: SigningKey.SigningKey, nonce: number, price: number) =>
    toRequest(nonce, 0n, { to: key.address, maxFeePerGas: `${price}` })
  const purpose = 'cancel'

  test('is signed even without room, and counted if there is room', async () => {
    const { key, policy } = await openKey(limit)
    await key.sign(toRequest(0, 1000n))
    await key.sign(toCancel(key, 1, 10), { context: { purpose } })
    const guard = createGuard({ policy, windows })
    const { address } = key
    const asked: Asked = { purpose, keyId: 'test-1', address, digest: '0x' }
    const beyond = await guard.authorize(toCancel(key, 2, 10), asked)
    expect(beyond).toMatchObject({ beyond: ['day'], denial: undefined })
    // Of its own nonce the payment counts already, which is more.
    const within = await guard.authorize(toCancel(key, 0, 10), asked)
    expect(within).toMatchObject({ beyond: [], denial: undefined })
    expect(await readSpent(limit, key.address)).toMatchObject({ spent: limit })
  })

  test('costs nobody more than the windows allow: only what fits is counted', async () => {
    const { key, policy } = await openKey(limit)
    await key.sign(toRequest(0, 600n))
    const guard = createGuard({ policy, windows })
    const { address } = key
    const asked: Asked = { purpose, keyId: 'test-1', address, digest: '0x' }
    // A payment that costs nothing, of which only the cancel is dear.
    const cheap = { maxFeePerGas: '0', maxPriorityFeePerGas: '0' }
    await key.sign(toRequest(1, 100n, cheap))
    const first = await guard.authorize(toCancel(key, 1, 10), asked)
    expect(first.beyond).toEqual(['day'])
    expect(await readSpent(limit, address)).toMatchObject({ spent: limit })
    await guard.release(address, {
      ...{ request: toCancel(key, 1, 10), caller: undefined },
    })
    expect(await readSpent(limit, address)).toMatchObject({ spent: limit })
    await expect(key.sign(toRequest(2, 1n, cheap))).rejects.toThrow(
      /windows\[day\]/,
    )
  })

  test('releases the payment once it is final, and keeps its fee', async () => {
    const { key, policy } = await openKey(limit)
    await key.sign(toRequest(0, 1000n))
    const guard = createGuard({ policy, windows })
    const mined = { request: toCancel(key, 0, 5), caller: undefined }
    await guard.release(key.address, mined)
    await guard.release(key.address, mined)
    expect(await readSpent(limit, key.address)).toMatchObject({
      spent: 21_000n * 5n,
    })
  })
})

describe('a preview', () => {
  const limit = 1000n + fee
  const asked: Asked = {
    ...{ keyId: 'test-1', digest: '0x', address: `0x${'12'.repeat(20)}` },
    purpose: 'request',
  }

  test('decides by the current counts, and counts nothing', async () => {
    const guard = createGuard({ policy: policyOf(limit), windows })
    const ask = (value: bigint) => guard.preview(toRequest(1, value), asked)
    expect((await ask(1000n)).denial).toBeUndefined()
    expect((await ask(1000n)).denial).toBeUndefined()
    await guard.authorize(toRequest(0, 400n), asked)
    const { decision, denial } = await ask(1000n)
    expect(denial).toMatch(
      /windows\[day\]: got 0\.00000000000021.*; the request will fit from 20/,
    )
    expect(decision.decision).toBe('deny')
  })

  test('claims no count that it did not read', async () => {
    const guard = createGuard({ policy: policyOf(limit), windows })
    await guard.authorize(toRequest(0, 400n), asked)
    // More than the window ever allows, so nobody reads what it counted.
    const large = toRequest(1, 9000n)
    const { denial } = await guard.preview(large, asked)
    expect(denial).toMatch(/windows\[day\]: got 0\.0+219 ETH; allowed: /)
    expect(await guard.authorize(large, asked)).toMatchObject({ denial })
  })

  test('reports a halt', async () => {
    const guard = createGuard({ policy: policyOf(limit), windows })
    await windows.halt('somebody wrote to the table')
    const { denial } = await guard.preview(toRequest(1, 1n), asked)
    expect(denial).toContain('somebody wrote to the table')
    expect(denial).toContain('keyward unfreeze --guard')
  })
})

test('a request without windows makes no call to the table', async () => {
  let asked = 0
  const counting = new Proxy(createWindows(systemRuntime), {
    get(target, name) {
      asked++
      return Reflect.get(target, name)
    },
  })
  const policy = parse(
    JSON.stringify({
      version: 1,
      rules: [{ id: 'pay', chains: [1], payment: {} }],
    }),
  )
  const { service } = createMemoryKey({ d: 1n })
  const authorize = createAuthorize({ policy, windows: counting })
  const key = await SigningKey.connect({ service, keyId: 'test-1', authorize })
  await key.sign(toRequest(0, 1n))
  expect(asked).toBe(0)
})

describe('a key with an unknown account', () => {
  // What calls the account itself changes its settings, once it has code.
  const policy = parse(
    JSON.stringify({
      version: 1,
      functions: ['configure(address)'],
      rules: [
        {
          ...{ id: 'own', chains: [1] },
          call: {
            // Of the key d = 1.
            to: [payee, '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf'],
            ...{ functions: ['configure(address)'], spends: [] },
          },
        },
      ],
    }),
  )
  const gas = 60_000
  const data = `${toFunctionSelector('configure(address)')}${payee.slice(2).toLowerCase().padStart(64, '0')}`
  const open = (getAccount?: () => Promise<Hex>) => {
    const { service, calls } = createMemoryKey({ d: 1n })
    const authorize = createAuthorize({
      policy,
      getAccount: getAccount && ((options) => key.getAddress(options)),
    })
    const key = SigningKey.open({ service, keyId: 'test-1', authorize })
    return { key, calls }
  }

  test('can call itself no more than another key', async () => {
    const { key: known } = open()
    const to = await known.getAddress()
    const toItself = toRequest(0, 0n, { to, data, gas })
    const refused = { details: expect.stringContaining('self-call') }
    await expect(known.sign(toItself)).rejects.toMatchObject(refused)
    await known.sign(toRequest(0, 0n, { data, gas }))

    const { key: cold, calls } = open(async () => to)
    await expect(cold.sign(toItself)).rejects.toMatchObject(refused)
    expect(calls).toEqual(['getPublicKey'])
    await cold.sign(toRequest(0, 0n, { data, gas }))
  })

  test("signs nothing if its account can't be determined", async () => {
    const { key } = open()
    await expect(key.sign(toRequest(0, 0n, { data, gas }))).rejects.toThrow(
      'Use SigningKey.connect',
    )
    await key.getAddress()
    await key.sign(toRequest(0, 0n, { data, gas }))
  })
})

describe('typed data that several keys sign, counted in one table', () => {
  const usdc = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
  const permit2 = '0x000000000022d473030f116ddee9f6b43ac78ba3'
  const policy = parse(
    JSON.stringify({
      version: 1,
      tokens: {
        USDC: {
          ...{ chain: 1, address: usdc, kind: 'erc20' },
          ...{ decimals: 6, symbol: 'USDC' },
        },
      },
      windows: {
        day: { asset: 'USDC', length: 'day', limit: '100' },
        asked: { asset: 'requests', length: 'day', limit: '1' },
      },
      rules: [
        {
          ...{ id: 'permit', chains: [1], windows: ['day'] },
          typedData: { kinds: ['PermitTransferFrom'] },
        },
        {
          ...{ id: 'safe', chains: [1], windows: ['asked'] },
          typedData: { kinds: ['SafeTx'] },
        },
        { id: 'reject', chains: [1], payment: {} },
      ],
    }),
  )
  const open = (d: bigint) =>
    SigningKey.connect({
      service: createMemoryKey({ d, arn: arnOf(d) }).service,
      keyId: `test-${d}`,
      authorize: createAuthorize({ policy, windows }),
    })
  const arnOf = (d: bigint) =>
    `arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-55555555555${d}`
  const typed = (
    primaryType: string,
    struct: string,
    contract: string,
    message: object,
  ) => {
    const types = Object.fromEntries(
      [...struct.matchAll(/(\w+)\(([^)]*)\)/g)].map(
        ([, name, members = '']) => [
          name,
          members.split(',').map((member) => {
            const [type, name] = member.split(' ')
            return { name, type }
          }),
        ],
      ),
    )
    const domain = { chainId: 1, verifyingContract: contract }
    const typedData = { types, domain, primaryType, message }
    return { kind: 'typedData', typedData } as never
  }

  const permitOf = (amount: string) =>
    typed(
      'PermitTransferFrom',
      'PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)TokenPermissions(address token,uint256 amount)',
      permit2,
      {
        permitted: { token: usdc, amount },
        ...{ spender: payee, nonce: '0' },
        deadline: Math.floor(Date.now() / 1000) + 600,
      },
    )

  test('takes an amount for each account', async () => {
    const request = permitOf('50')
    const keys = await Promise.all([1n, 2n, 3n].map(open))
    await keys[0]?.sign(request)
    await keys[0]?.sign(request)
    await keys[1]?.sign(request)
    await expect(keys[2]?.sign(request)).rejects.toThrow(/windows\[day\]/)
  })

  test('is one request if it is of a Safe that they own together', async () => {
    const zero = `0x${'00'.repeat(20)}`
    const request = typed(
      'SafeTx',
      'SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)',
      payee,
      {
        ...{ to: payee, value: '0', data: '0x', operation: 0 },
        ...{ safeTxGas: '0', baseGas: '0', gasPrice: '0' },
        ...{ gasToken: zero, refundReceiver: zero, nonce: '0' },
      },
    )
    const keys = await Promise.all([1n, 2n, 3n].map(open))
    for (const key of keys) await key.sign(request)
    expect(keys).toHaveLength(3)
  })
  test('counts once as the message that owners of a Safe wrap', async () => {
    const authorize = createAuthorize({ policy, windows })
    const request = permitOf('100')
    const asked = { purpose: 'request', keyId: 'x', digest: '0x12' } as const
    for (const first of ['a', 'b'])
      await authorize(request, {
        ...{ ...asked, preimage: request },
        address: `0x${first.repeat(40)}`,
      })
    const alone = { ...asked, address: `0x${'c'.repeat(40)}` } as const
    await expect(authorize(request, alone)).rejects.toThrow(/windows\[day\]/)
  })
})
