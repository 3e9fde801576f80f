import { Transaction } from 'ethers'
import { keccak256, parseTransaction, recoverTransactionAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFunctions } from '../support/startFunctions.js'

type Functions = Awaited<ReturnType<typeof startFunctions>>
let functions: Functions
let keyArn = ''
const kinds = ['eip1559-signer', 'legacy-signer'] as const
const names: Record<string, string> = {}

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const events = {
  'eip1559-signer': {
    operation: 'sign',
    dst_address: to,
    amount: 0.1,
    nonce: 0,
    chainid: 31337,
    type: 2,
    max_fee_per_gas: 30_000_000_000,
    max_priority_fee_per_gas: '1000000000',
  },
  'legacy-signer': {
    operation: 'sign',
    dst_address: to,
    amount: '0.1',
    nonce: '7',
    gas_price: '0x6fc23ac00',
  },
}

beforeAll(async () => {
  functions = await startFunctions()
  keyArn = (await functions.kms.createKey()).arn
  for (const kind of kinds)
    names[kind] = await functions.deploy(kind, {
      KMS_KEY_ID: keyArn,
      LOG_LEVEL: 'ERROR',
    })
})
afterAll(() => functions.close())

const countOf = (operation: string) =>
  functions.kmsServer.stats().operations[`kms:${operation}`] ?? 0

/** Invokes and expects an answer. */
async function ask(name: string | undefined, event: object) {
  const { error, payload } = await functions.invoke(name ?? '', event)
  expect(payload.errorMessage).toBeUndefined()
  expect(error).toBeUndefined()
  return payload
}

test('status says what the function signs with', async () => {
  for (const kind of kinds) {
    const payload = await ask(names[kind], { operation: 'status' })
    expect(payload).toEqual({
      eth_checksum_address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      key_id: keyArn,
      network: 'local',
      chain_id: 31337,
      pinned: false,
      policy_sha256: null,
      policy_name: null,
      policy_mode: null,
      policy_problem: null,
      guard_table: null,
      guard_problem: null,
    })
  }
  const before = countOf('GetPublicKey')
  await ask(names['legacy-signer'], { operation: 'status' })
  await ask(names['legacy-signer'], { operation: 'status' })
  expect(countOf('GetPublicKey') - before).toBe(2)
})

describe('sign', () => {
  test('EIP-1559: viem and ethers read the payload as it was meant', async () => {
    const name = names['eip1559-signer']
    const { eth_checksum_address: from } = await ask(name, {
      operation: 'status',
    })
    const answer = await ask(name, events['eip1559-signer'])
    const raw = answer.signed_tx_payload as `0x02${string}`
    expect(answer).toEqual({
      signed_tx_hash: keccak256(raw),
      signed_tx_payload: expect.stringMatching(/^0x02[0-9a-f]+$/),
      transaction: {
        type: 2,
        chain_id: 31337,
        nonce: '0',
        from,
        to,
        value_wei: '100000000000000000',
        gas: '21000',
        max_fee_per_gas: '30000000000',
        max_priority_fee_per_gas: '1000000000',
        data: '0x',
        access_list: [],
      },
    })
    expect(
      await recoverTransactionAddress({ serializedTransaction: raw }),
    ).toBe(from)
    const parsed = parseTransaction(raw)
    expect(parsed).toMatchObject({
      chainId: 31337,
      gas: 21000n,
      maxFeePerGas: 30_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
      to: to.toLowerCase(),
      value: 10n ** 17n,
    })
    expect(Transaction.from(raw)).toMatchObject({
      hash: answer.signed_tx_hash,
      from,
    })
  })

  test('legacy: EIP-155, empty data, gas 21000', async () => {
    const name = names['legacy-signer']
    const answer = await ask(name, events['legacy-signer'])
    const raw = answer.signed_tx as `0x${string}`
    const { eth_checksum_address: from } = await ask(name, {
      operation: 'status',
    })
    expect(answer).toEqual({
      signed_tx: expect.stringMatching(/^0xf8[0-9a-f]+$/),
      signed_tx_hash: keccak256(raw),
      transaction: {
        type: 0,
        chain_id: 31337,
        nonce: '7',
        from,
        to,
        value_wei: '100000000000000000',
        gas: '21000',
        gas_price: '30000000000',
        data: '0x',
      },
    })
    const { v } = parseTransaction(raw)
    expect([31337n * 2n + 35n, 31337n * 2n + 36n]).toContain(v)
    expect(Transaction.from(raw)).toMatchObject({
      hash: answer.signed_tx_hash,
      from,
      chainId: 31337n,
    })
  })

  test('every optional field reaches the payload', async () => {
    const { amount: _, ...rest } = events['eip1559-signer']
    const access_list = [{ address: to, storageKeys: [`0x${'ab'.repeat(32)}`] }]
    const { transaction } = await ask(names['eip1559-signer'], {
      ...rest,
      dst_address: to.toLowerCase(),
      value_wei: '0x1',
      nonce: '18446744073709551614',
      gas: '100000',
      data: '0xDEADbeef',
      access_list,
    })
    expect(transaction).toMatchObject({
      to,
      value_wei: '1',
      nonce: '18446744073709551614',
      gas: '100000',
      data: '0xdeadbeef',
      access_list: [
        { address: to.toLowerCase(), storageKeys: access_list[0]?.storageKeys },
      ],
    })
  })

  test('costs one Sign each, and nothing else, on one connection', async () => {
    const before = functions.kmsServer.stats()
    for (let nonce = 0; nonce < 10; nonce++)
      await ask(names['eip1559-signer'], { ...events['eip1559-signer'], nonce })
    const after = functions.kmsServer.stats()
    const grown = Object.fromEntries(
      Object.entries(after.operations).map(([name, count]) => [
        name,
        count - (before.operations[name] ?? 0),
      ]),
    )
    expect(grown).toMatchObject({ 'kms:Sign': 10, 'kms:GetPublicKey': 0 })
    expect(after.connections - before.connections).toBe(0)
  })

  test('a cold function asks for key and signature, a pinned one only for the signature', async () => {
    const address = (await ask(names['legacy-signer'], { operation: 'status' }))
      .eth_checksum_address as string
    const count = () => [countOf('GetPublicKey'), countOf('Sign')]
    for (const [pin, expected] of [
      [{}, [1, 1]],
      [{ KEYWARD_ADDRESS: address }, [0, 1]],
      [{ KEYWARD_ADDRESS: address.toLowerCase() }, [0, 1]],
    ] as const) {
      const name = await functions.deploy('legacy-signer', {
        KMS_KEY_ID: keyArn,
        ...pin,
      })
      const before = count()
      await ask(name, events['legacy-signer'])
      expect(count().map((n, i) => n - (before[i] ?? 0))).toEqual(expected)
      const status = await ask(name, { operation: 'status' })
      expect(status).toMatchObject({
        eth_checksum_address: address,
        pinned: 'KEYWARD_ADDRESS' in pin,
      })
    }
  })
})

test('callers are told apart by the alias they come through', async () => {
  const name = await functions.deploy('eip1559-signer', {
    KMS_KEY_ID: keyArn,
    KEYWARD_CALLERS: 'payroll',
  })
  const version = functions.lambda.publishVersion(name).version
  for (const alias of ['payroll', 'other'])
    functions.lambda.putAlias(name, { name: alias, functionVersion: version })
  const event = { operation: 'status' }
  const types: unknown[] = []
  for (const Qualifier of ['payroll', 'other', version, '$LATEST', undefined]) {
    const { payload } = await functions.invoke(
      name,
      event,
      Qualifier === undefined ? {} : { Qualifier },
    )
    types.push(payload.errorType)
  }
  const refused = 'CallerNotAllowedError'
  expect(types).toEqual([undefined, refused, refused, refused, refused])
  const callers = functions.logged
    .map(({ line }) => line)
    .filter((line) => line.includes('"caller":"payroll"'))
  expect(callers).toHaveLength(1)
})

test('the log joins request, KMS call and transaction, and holds no payload', async () => {
  functions.logged.length = 0
  const raws: string[] = []
  for (const kind of kinds) {
    const answer = await ask(names[kind], events[kind])
    raws.push(String(answer.signed_tx ?? answer.signed_tx_payload))
    const line = functions.logged
      .map(({ line }) => line)
      .find((line) => line.includes(String(answer.signed_tx_hash)))
    const { timestamp, duration_ms, ...entry } = JSON.parse(line ?? '{}')
    expect(entry).toEqual({
      level: 'INFO',
      message: 'signed',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      key_id: keyArn,
      network: 'local',
      chain_id: 31337,
      digest: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      hash: answer.signed_tx_hash,
      kms_request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  }
  const text = functions.logged.map(({ line }) => line).join('\n')
  for (const raw of raws) {
    const { r, s } = parseTransaction(raw as `0x${string}`)
    for (const secret of [raw.slice(2), r?.slice(2), s?.slice(2)])
      expect(text).not.toContain(secret)
  }
  expect(text).not.toMatch(/0\.1\b|100000000000000000|70997970/i)
})
