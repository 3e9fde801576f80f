import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWindows } from '@keyward/guard/windows/dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  openSendingStack,
  type SendingStack,
} from '../support/openSendingStack.js'
import { runInProcess } from '../support/runInProcess.js'

// A stack whose policy has windows: its functions count what they sign in one
// table, which nobody else writes. The tests go on from each other.

const payee = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const gwei = 10n ** 9n
/** What each payment may pay for gas at most; it is counted. */
const most = 10_000_000n * gwei
const limit = 10n ** 17n
const policy = JSON.stringify({
  version: 1,
  windows: {
    day: { asset: 'native', chain: 31337, length: 'day', limit: `${limit}` },
  },
  rules: [
    {
      id: 'pay',
      callers: ['payouts'],
      chains: [31337],
      payment: {},
      fee: { maxFee: `${most}` },
      windows: ['day'],
    },
  ],
})

const folder = mkdtempSync(join(tmpdir(), 'keyward windows '))
const file = join(folder, 'policy.json')
writeFileSync(file, policy)

const status = { operation: 'status' }

let stack: SendingStack
let table = ''
beforeAll(async () => {
  stack = await openSendingStack({
    ...{ policy: file, signers: 'true' },
    ledgerWriters: 'arn:aws:iam::000000000000:user/operator',
  })
  const { guard_table } = await stack.invoke('treasury-sender:status', status)
  table = guard_table
}, 120_000)
afterAll(async () => {
  await stack?.close()
  rmSync(folder, { recursive: true })
})

const dynamo = (operation: string, input: object) =>
  stack.call(['dynamodb', `DynamoDB_20120810.${operation}`], {
    TableName: table,
    ...input,
  })
const ask = (event: object) => stack.invoke('treasury-sender:payouts', event)
const send = (key: string, value: bigint) =>
  ask({
    ...{ operation: 'send', idempotency_key: key },
    ...{ dst_address: payee, value_wei: `${value}` },
  })
const reconcile = () =>
  stack.invoke('treasury-reconciler:admin', {}, 'operator')
const sign = (nonce: number, value: bigint) =>
  stack.invoke('treasury-eip1559-signer:payouts', {
    ...{ operation: 'sign', dst_address: payee, value_wei: `${value}` },
    ...{ nonce, gas: 21000 },
    ...{ max_fee_per_gas: `${gwei}`, max_priority_fee_per_gas: '1' },
  })

const open = (as: 'operator' | 'user') => {
  const { endpoint, region } = stack.home
  const credentials = async () => stack.home.credentials(as)
  return createWindows({ tableName: table, endpoint, region, credentials })
}
const window = {
  ...{ id: 'day', asset: 'native', chain: 31337n, limit },
  length: 'day' as const,
}
async function readSpent(): Promise<bigint> {
  const [read] = await open('operator').read([{ window, scope: {} }])
  return read?.spent ?? 0n
}

describe('the sender', () => {
  test('counts what it sends, and refuses what has no room before it accepts it', async () => {
    expect(await send('one', limit / 2n)).toMatchObject({ status: 'sent' })
    const spent = await readSpent()
    expect(spent).toBeGreaterThan(limit / 2n)
    expect(spent).toBeLessThanOrEqual(limit / 2n + most)
    const refused = await send('two', limit / 2n)
    expect(refused).toMatchObject({ errorType: 'NotAuthorizedError' })
    expect(refused.errorMessage).toMatch(
      /windows\[day\]: got 0\.05.* ETH on top of 0\.05.* ETH already counted; allowed: 0\.1 ETH in any 24 hours, including maximum fees; the request will fit from 20/,
    )
    const { transactions } = await ask({ operation: 'list' })
    expect(transactions).toHaveLength(1)
    expect(await readSpent()).toBe(spent)
  })

  test('sends a repetition once, and counts it once', async () => {
    const spent = await readSpent()
    expect(await send('one', limit / 2n)).toMatchObject({ status: 'sent' })
    expect(await readSpent()).toBe(spent)
  })
})

describe('a payment that is cancelled', () => {
  test("is given back once its cancel is final, but for the cancel's fee", async () => {
    const before = await readSpent()
    await stack.rpc('evm_setAutomine', [false])
    await send('wrong', limit / 4n)
    expect(await readSpent()).toBeGreaterThan(before + limit / 4n)
    await ask({ operation: 'cancel', idempotency_key: 'wrong' })
    await stack.rpc('evm_setAutomine', [true])
    await stack.rpc('evm_mine')
    await reconcile()
    expect(
      await ask({ operation: 'get', idempotency_key: 'wrong' }),
    ).toMatchObject({ status: 'replaced', final: true })
    const after = await readSpent()
    expect(after).toBeGreaterThan(before)
    expect(after).toBeLessThan(before + most)
  })
})

describe('the signers', () => {
  test('share the window, and count a nonce once', async () => {
    const before = await readSpent()
    const cost = 21_000n * gwei + limit / 8n
    for (const value of [limit / 8n, limit / 8n, limit / 16n])
      expect(await sign(70, value)).toHaveProperty('signed_tx_payload')
    // What a repetition took for nothing is given back beside the signature.
    await expect.poll(readSpent).toBe(before + cost)
    expect(await sign(71, limit / 2n)).toMatchObject({
      errorType: 'NotAuthorizedError',
      errorMessage: expect.stringContaining('the request will fit from 20'),
    })
    expect(await readSpent()).toBe(before + cost)
  })
})

describe('the table', () => {
  test('is written by the functions and those who are named, and by nobody else', async () => {
    const denied = { awsCode: 'AccessDeniedException' }
    await expect(open('user').halt('for fun')).rejects.toMatchObject(denied)
    const Key = { pk: { S: 'windows' }, sk: { S: 'native@31337' } }
    await expect(dynamo('DeleteItem', { Key })).rejects.toThrow(
      'AccessDeniedException',
    )
  })
})

describe('a halt', () => {
  const unfreeze = (by: unknown) =>
    stack.invoke(
      'treasury-reconciler:admin',
      { operation: 'unfreeze_guard', by },
      'operator',
    )

  test('stops everything, and is told by status, preview and reconciler', async () => {
    await open('operator').halt('the test wants it')
    expect(await sign(80, 1n)).toMatchObject({
      errorType: 'GuardHaltedError',
      errorMessage: expect.stringContaining('The guard is halted'),
    })
    expect(await send('halted', 1n)).toMatchObject({
      errorType: 'NotAuthorizedError',
      errorMessage: expect.stringContaining('the test wants it'),
    })
    for (const name of ['sender', 'legacy-signer'])
      expect(
        await stack.invoke(`treasury-${name}:status`, status),
      ).toMatchObject({
        guard_problem: 'The guard is halted: the test wants it.',
      })
    await reconcile()
    const lines = stack.lines.filter((line) => line.includes('guard-halted'))
    expect(lines.join()).toContain('The guard is halted: the test wants it')
  })

  test('is lifted by administrators only, who say who they are', async () => {
    expect(await unfreeze('')).toMatchObject({
      errorType: 'InvalidRequestError',
    })
    expect(await unfreeze('Ann')).toEqual({
      ...{ guard_table: table, halted: false },
    })
    expect(await sign(80, 1n)).toHaveProperty('signed_tx_payload')
    const item = await dynamo('GetItem', {
      Key: { pk: { S: 'halt' }, sk: { S: 'halt' } },
    })
    expect(JSON.stringify(item)).toContain('admin: Ann')
  })

  test('is lifted by the command line, which says who and what for', async () => {
    const { accessKeyId, secretAccessKey } = stack.home.credentials('operator')
    const run = (...args: string[]) =>
      runInProcess(['unfreeze', '--guard', '--stack', 'treasury', ...args], {
        AWS_ENDPOINT_URL: stack.home.endpoint,
        AWS_REGION: stack.home.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      })
    expect((await run('--yes')).stdout).toContain('is not halted')
    await open('operator').halt('once more')
    const lifted = await run('--yes', '--json')
    expect(lifted.stderr).toContain('The guard is halted: once more.')
    expect(JSON.parse(lifted.stdout)).toEqual({
      ...{ guardTable: table, lifted: true },
    })
    expect((await run('--concurrency', '3')).stderr).toContain(
      "--concurrency can't be used with --guard",
    )
    expect(await sign(81, 1n)).toHaveProperty('signed_tx_payload')
  })
})
