import { expect, test } from 'vitest'
import { SigningKey, Transaction } from '../../packages/core/src/index.js'
import {
  loadEngine,
  recoverPublicKey,
} from '../../packages/core/src/recoverPublicKey.js'
import { createScheduler } from './createScheduler.js'
import { createSimKms } from './createSimKms.js'
import { createFaults, type Kind } from './Fault.js'
import { createRandom } from './random.js'
import * as TestKey from './TestKey.js'

/** The engine as it is, before it remembers anything. */
const engine = { ...(await loadEngine()) }

const transfer: Transaction.Unsigned = {
  type: 'eip1559',
  chainId: 31337,
  nonce: 3n,
  gas: 21_000n,
  to: `0x${'11'.repeat(20)}`,
  value: 5n,
  data: '0x',
  maxFeePerGas: 30n,
  maxPriorityFeePerGas: 2n,
  accessList: [],
}

async function sign(kind?: Kind, ms?: number) {
  const random = createRandom(1)
  const scheduler = createScheduler(random)
  const faults = createFaults(() => {})
  const process = scheduler.createProcess('a')
  const key = await TestKey.open()
  if (kind !== undefined)
    faults.arm({
      kind,
      atMs: 0,
      target: 'a',
      ...(ms === undefined ? {} : { ms }),
    })
  let made = 0
  const service = createSimKms({
    key,
    process,
    faults,
    random,
    signed: () => made++,
  })
  const signing = SigningKey.open({ service, keyId: key.keyArn })
  let heard = ''
  process.start(async () => {
    heard = await Transaction.sign(signing, transfer).then(
      ({ raw }) => raw,
      (error) => error.name,
    )
  })
  await scheduler.run()
  return { heard, made, ms: scheduler.now }
}

test('signs what the chain accepts, by the real code of core', async () => {
  const { heard } = await sign()
  const decoded = await Transaction.decode(heard as `0x${string}`)
  const key = await TestKey.open()
  expect(decoded.from.toLowerCase()).toBe(key.address)
  expect(decoded.transaction).toEqual(transfer)
})

test('each signature differs, and each is known to be good', async () => {
  const key = await TestKey.open()
  const random = createRandom(1)
  const all = new Set<string>()
  for (let i = 0; i < 20; i++)
    all.add(await key.signTransaction(transfer, random))
  expect(all.size).toBeGreaterThan(15)
  const digest = Buffer.from(
    Transaction.getSignPayload(transfer).slice(2),
    'hex',
  )
  for (const raw of all) {
    const { signature } = await Transaction.decode(raw as `0x${string}`)
    const publicKey = recoverPublicKey(engine, digest, signature)
    expect(Buffer.from(publicKey ?? []).toString('hex')).toBe(
      Buffer.from(key.spki.slice(-65)).toString('hex'),
    )
  }
})

test.each<[Kind, number, string, number]>([
  ['KMS throttles', 50, 'KmsServiceError', 0],
  ['KMS signs, answer lost', 5000, 'KmsTimeoutError', 1],
])('%s', async (kind, ms, heard, made) => {
  expect(await sign(kind, ms)).toMatchObject({ heard, made })
})

test('a slow answer comes all the same', async () => {
  const { heard, ms } = await sign('KMS slow', 60_000)
  expect(heard).toMatch(/^0x02/)
  expect(ms).toBeGreaterThan(60_000)
})
