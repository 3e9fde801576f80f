import { SigningKey, Transaction } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStackedHome, signEvents } from './support/openStackedHome.js'
import { startFunctions } from './support/startFunctions.js'
import { startMeetingProxy } from './support/startMeetingProxy.js'

// What a signature costs at AWS: requests and connections, counted by the
// server. No figure here depends on the machine's speed.

describe.each(Object.keys(signEvents))('%s', (name) => {
  let stacked: Awaited<ReturnType<typeof openStackedHome>>
  beforeAll(async () => {
    stacked = await openStackedHome()
  })
  afterAll(() => stacked.close())

  /** What one or more signatures asked of the home. */
  async function cost(signatures: number) {
    const before = stacked.home.stats()
    for (let nonce = 0; nonce < signatures; nonce++) {
      const event = { ...signEvents[name], nonce }
      const { error, payload } = await stacked.invoke(name, event)
      expect([error, payload.errorMessage]).toEqual([undefined, undefined])
    }
    const after = stacked.home.stats()
    const operations: Record<string, number> = {}
    for (const [operation, count] of Object.entries(after.operations)) {
      const grown = count - (before.operations[operation] ?? 0)
      if (grown > 0) operations[operation] = grown
    }
    const connections = after.connections - before.connections
    return { operations, connections }
  }

  test('asks for the key and a signature at first, then one Sign each time', async () => {
    // Two connections of the function and one of the client that invokes.
    expect(await cost(1)).toEqual({
      operations: { lambda: 1, 'kms:GetPublicKey': 1, 'kms:Sign': 1 },
      connections: 3,
    })
    expect(await cost(25)).toEqual({
      operations: { lambda: 25, 'kms:Sign': 25 },
      connections: 0,
    })
  })
})

describe('the library', () => {
  let stacked: Awaited<ReturnType<typeof openStackedHome>>
  beforeAll(async () => {
    stacked = await openStackedHome()
  })
  afterAll(() => stacked.close())

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

  async function cost(pinned: boolean, signatures: number) {
    const { home } = stacked
    const [{ arn = '', address } = {}] = home.keys()
    const service = createKmsClient({
      endpoint: home.endpoint,
      region: home.region,
      credentials: home.credentials('user'),
    })
    const before = home.stats()
    const key = await SigningKey.connect({
      service,
      keyId: arn,
      ...(pinned && { expectedAddress: address as `0x${string}` }),
    })
    for (let i = 0; i < signatures; i++)
      await Transaction.sign(key, { ...transaction, nonce: BigInt(i) })
    const after = home.stats()
    const change = (name: string) =>
      (after.operations[name] ?? 0) - (before.operations[name] ?? 0)
    return {
      requests: after.requests - before.requests,
      signs: change('kms:Sign'),
      publicKeys: change('kms:GetPublicKey'),
      connections: after.connections - before.connections,
    }
  }

  test('asks for the key once, and one Sign each time', async () => {
    const publicKeys = 1
    const expected = { requests: 26, signs: 25, publicKeys, connections: 1 }
    expect(await cost(false, 25)).toEqual(expected)
  })

  test('with the address given never asks for the key', async () => {
    const publicKeys = 0
    const expected = { requests: 25, signs: 25, publicKeys, connections: 1 }
    expect(await cost(true, 25)).toEqual(expected)
  })
})

describe('the first signature', () => {
  const event = signEvents['keyward-dev-legacy-signer'] ?? {}
  let functions: Awaited<ReturnType<typeof startFunctions>>
  let KMS_KEY_ID: string
  beforeAll(async () => {
    functions = await startFunctions()
    KMS_KEY_ID = (await functions.kms.createKey()).arn
  })
  afterAll(() => functions.close())

  test('has both requests on their way before either is answered', async () => {
    const both = ['GetPublicKey', 'Sign']
    const { endpoint } = functions.kmsServer
    const proxy = await startMeetingProxy(endpoint, both)
    const name = await functions.deploy('legacy-signer', {
      KMS_KEY_ID,
      AWS_ENDPOINT_URL_KMS: proxy.endpoint,
    })
    const { error, payload } = await functions.invoke(name, event)
    expect([error, payload.errorMessage]).toEqual([undefined, undefined])
    expect(proxy.arrived.sort()).toEqual(both)
    await proxy.close()
  })

  test('is one Sign when the address is pinned', async () => {
    const probe = await functions.deploy('legacy-signer', { KMS_KEY_ID })
    const status = await functions.invoke(probe, { operation: 'status' })
    const name = await functions.deploy('legacy-signer', {
      KMS_KEY_ID,
      KEYWARD_ADDRESS: String(status.payload.eth_checksum_address),
    })
    const before = functions.kmsServer.stats()
    for (let nonce = 0; nonce < 5; nonce++) {
      const answer = await functions.invoke(name, { ...event, nonce })
      expect(answer.error).toBeUndefined()
    }
    const after = functions.kmsServer.stats()
    expect({
      requests: after.requests - before.requests,
      signs:
        (after.operations['kms:Sign'] ?? 0) -
        (before.operations['kms:Sign'] ?? 0),
      connections: after.connections - before.connections,
    }).toEqual({ requests: 5, signs: 5, connections: 1 })
  })
})
