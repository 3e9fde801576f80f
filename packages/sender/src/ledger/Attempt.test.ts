import { beforeAll, expect, test } from 'vitest'
import { createTestKey } from '../../../../test/support/senderParts.js'
import type { SendRequest } from '../request/SendRequest.js'
import * as Attempt from './Attempt.js'
import type { Account } from './TransactionRecord.js'

const { sign, getAccount } = createTestKey()
const to = `0x${'77'.repeat(20)}` as const
let account: Account
beforeAll(async () => {
  account = await getAccount()
})

const stored = async (fields: object, purpose: Attempt.Purpose = 'request') =>
  ({ index: 0, purpose, raw: await sign(fields), signedAt: 5 }) as const
const readAny = (one: Attempt.Stored, nonce = 0n) =>
  Attempt.read(one, account, nonce, 'pk="a" sk="b"')
const read = async (one: Attempt.Stored, nonce = 0n) => {
  const { attempt, damage } = await readAny(one, nonce)
  if (damage !== undefined) throw damage
  return attempt
}
const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error.shortMessage,
  )

test('all of an attempt is read from its bytes', async () => {
  const raw = await stored({ nonce: 7n, data: '0xAB' })
  expect(await read(raw, 7n)).toEqual({
    ...raw,
    nonce: 7n,
    hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    gas: 21_000n,
    maxFeePerGas: 1_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    to,
    value: 5n,
    data: '0xab',
  })
  const fees = { maxFeePerGas: 9n, maxPriorityFeePerGas: 2n, accessList: [] }
  expect(
    await read(await stored({ type: 'eip1559', ...fees, gasPrice: undefined })),
  ).toMatchObject({ maxFeePerGas: 9n, maxPriorityFeePerGas: 2n })
  expect(
    await read(await stored({ to: undefined, data: '0x60' })),
  ).toMatchObject({ to: undefined, data: '0x60' })
})

test('a checksummed address is the same address', async () => {
  const mixed = '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B'
  expect((await read(await stored({ to: mixed }))).to).toBe(mixed.toLowerCase())
})

test('bytes of another account, chain or nonce', async () => {
  const other = createTestKey(2n)
  const raws = {
    another: await other.sign(),
    chain: await sign({ chainId: 1 }),
    cut: (await sign()).slice(0, -2) as `0x${string}`,
    longer: `${await sign()}00` as const,
    empty: '0x' as const,
    junk: '0xdeadbeef' as const,
  }
  for (const [name, raw] of Object.entries(raws))
    expect(await refusalOf(read({ ...(await stored({})), raw })), name).toBe(
      `The item at pk="a" sk="b" is not valid: its signed bytes (raw) are not a transaction from ${account.address} on chain 31337.`,
    )
  expect(await refusalOf(read(await stored({ nonce: 1n })))).toBe(
    'The item at pk="a" sk="b" is not valid: its signed bytes (raw) are for nonce 1, not 0.',
  )
})

test('undecodable bytes are read again the next time', async () => {
  const raw = await sign({ value: 9n })
  expect(await Attempt.readSigned('0x02', account)).toBe(undefined)
  expect(await Attempt.readSigned('0x02', account)).toBe(undefined)
  expect(await Attempt.readSigned(raw, account)).toMatchObject({ value: 9n })
  expect(await Attempt.readSigned(raw, { ...account, chainId: 1 })).toBe(
    undefined,
  )
})

test('a cancel and a filler must send nothing to the account itself', async () => {
  const nothing = { to: account.address, value: 0n, data: '0x' }
  for (const purpose of ['cancel', 'filler'] as const) {
    expect((await read(await stored(nothing, purpose))).purpose).toBe(purpose)
    for (const wrong of [
      { to },
      { value: 1n },
      { data: '0x00' },
      { to: undefined, data: '0x00' },
    ])
      expect(
        await refusalOf(read(await stored({ ...nothing, ...wrong }, purpose))),
      ).toBe(
        `The item at pk="a" sk="b" is not valid: its purpose is ${purpose}, but its signed bytes (raw) are not a zero-value transfer to the account itself.`,
      )
  }
})

test('whether bytes do what a request asks for', () => {
  const done = { to, value: 5n, data: '0xab' } as const
  expect(Attempt.isOf(done, done)).toBe(true)
  expect(Attempt.isOf(done, { ...done, data: '0xAB' })).toBe(true)
  expect(
    Attempt.isOf(done, {
      ...done,
      to: to.toUpperCase().replace('X', 'x') as typeof to,
    }),
  ).toBe(true)
  expect(Attempt.isOf(done, { ...done, value: 6n })).toBe(false)
  expect(Attempt.isOf(done, { ...done, data: '0x' })).toBe(false)
  expect(Attempt.isOf(done, { ...done, to: `0x${'78'.repeat(20)}` })).toBe(
    false,
  )
  const { to: _, ...creation } = done
  expect(Attempt.isOf(done, creation)).toBe(false)
  expect(Attempt.isOf({ ...creation, to: undefined }, creation)).toBe(true)
})

test('whether bytes may do it, without reading the payload', async () => {
  const request = { to, value: 5n }
  const mayBe = async (fields: object, of: typeof request = request) =>
    Attempt.mayBeOf(await read(await stored(fields)), of, account)
  const mixed = '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B'
  expect(await mayBe({})).toBe(true)
  expect(await mayBe({ data: '0xab' })).toBe(true)
  expect(await mayBe({ to: mixed }, { ...request, to: mixed as never })).toBe(
    true,
  )
  expect(await mayBe({ value: 6n })).toBe(false)
  expect(await mayBe({ to: account.address })).toBe(false)
  // What is sent in its place.
  expect(await mayBe({ to: account.address, value: 0n })).toBe(true)
  const creation = await read(await stored({ to: undefined, data: '0x60' }))
  expect(Attempt.mayBeOf(creation, { value: 5n }, account)).toBe(true)
})

test('only attempts that do what the request asks for, or nothing, count', async () => {
  const nothing = { to: account.address, value: 0n }
  const request: SendRequest = {
    ...{ to, value: 5n, data: '0x', accessList: [], speed: 'normal' },
    idempotencyKey: 'key',
  }
  const [own, cancel, filler, called, other] = await Promise.all([
    read(await stored({})),
    read(await stored({ ...nothing, gasPrice: 7n }, 'cancel')),
    read(await stored({ ...nothing, gasPrice: 8n }, 'filler')),
    read(await stored(nothing)),
    read(await stored({ value: 6n })),
  ])
  const all = [own, cancel, filler, called, other]
  expect(Attempt.ofRequest(all, request, account)).toEqual([
    own,
    cancel,
    filler,
    { ...called, purpose: 'cancel' },
  ])
})
