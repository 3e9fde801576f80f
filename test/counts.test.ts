import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SigningKey, Transaction } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { createLocalHome, type LocalHome } from '@keyward/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assembly } from '../scripts/synth.mjs'

// Calls are what KMS bills and what takes time, so they are counted where
// they arrive.

let folder: string
let home: LocalHome
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward-counts-'))
  home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: false,
    assembly: { directory: assembly },
  })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

/** What arrived while something was done. */
async function counted(work: () => Promise<unknown>) {
  const before = home.stats()
  await work()
  const { connections, operations } = home.stats()
  const change = (name: string) =>
    (operations[name] ?? 0) - (before.operations[name] ?? 0)
  return {
    Sign: change('kms:Sign'),
    GetPublicKey: change('kms:GetPublicKey'),
    connections: connections - before.connections,
  }
}

const keyArn = () => home.keys()[0]?.arn ?? ''
const service = () =>
  createKmsClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials('user'),
  })
const transaction: Transaction.Unsigned = {
  type: 'eip1559',
  chainId: 31337,
  nonce: 0n,
  to: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  value: 1n,
  data: '0x',
  gas: 21_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
  accessList: [],
}

test('one call per signature, and no new connection', async () => {
  const key = await SigningKey.connect({ service: service(), keyId: keyArn() })
  await Transaction.sign(key, transaction)
  const many = await counted(async () => {
    for (let nonce = 1n; nonce <= 25n; nonce++)
      await Transaction.sign(key, { ...transaction, nonce })
  })
  expect(many).toEqual({ Sign: 25, GetPublicKey: 0, connections: 0 })
})

test('with the address given the first signature is one call', async () => {
  const first = await counted(async () => {
    const key = await SigningKey.connect({
      service: service(),
      keyId: keyArn(),
      expectedAddress: home.keys()[0]?.address as `0x${string}`,
    })
    await Transaction.sign(key, transaction)
  })
  expect(first).toEqual({ Sign: 1, GetPublicKey: 0, connections: 1 })
})

test.each([
  ['eip1559-signer', { max_fee_per_gas: 2e9, max_priority_fee_per_gas: 1e9 }],
  ['legacy-signer', { gas_price: 2e9 }],
])('%s: two calls at first, then one each', async (kind, fees) => {
  const client = new LambdaClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials('user'),
  })
  const sign = async (nonce: number) => {
    const event = {
      operation: 'sign',
      dst_address: transaction.to,
      amount: '0.1',
      nonce,
      ...fees,
    }
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: `keyward-dev-${kind}`,
        Payload: JSON.stringify(event),
      }),
    )
    expect(answer.FunctionError).toBeUndefined()
  }
  // The invocation's own connection, and one for each of two calls in flight
  // at once; in turn they would share one.
  expect(await counted(() => sign(0))).toEqual({
    Sign: 1,
    GetPublicKey: 1,
    connections: 3,
  })
  const many = await counted(async () => {
    for (let nonce = 1; nonce <= 10; nonce++) await sign(nonce)
  })
  expect(many).toEqual({ Sign: 10, GetPublicKey: 0, connections: 0 })
  client.destroy()
})
