import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import {
  openSafeChain,
  type SafeChain,
} from '../../../../test/support/safe/openSafeChain.js'
import { startScriptedKms } from '../../../../test/support/startScriptedKms.js'
import { openSending } from './openSending.js'

// Rows from the ledger's table pass through no handler, so the gate must stop
// them.

const safe = `0x${'5a'.repeat(20)}` as const
const base = {
  ...{ chainId: 31337, nonce: 0n, gas: 100_000n, gasPrice: 2n },
}
const memory = createMemoryKey()
let kms: Awaited<ReturnType<typeof startScriptedKms>>
let chain: SafeChain
beforeAll(async () => {
  kms = await startScriptedKms(memory)
  chain = await openSafeChain()
  for (const [name, value] of Object.entries({
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: kms.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }))
    vi.stubEnv(name, value)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await kms?.close()
  await chain?.close()
})

const open = (relayed: string, address?: string) =>
  openSending({
    KMS_KEY_ID: 'alias/a',
    ETH_NETWORK: 'local',
    LEDGER_TABLE: 'ledger',
    RPC_URL: chain.url,
    RELAYED_SAFE: relayed,
    KEYWARD_ADDRESS: address,
  })

test('the gate of a relayer signs no payment, and no message', async () => {
  const { key } = open(safe)
  const transaction = {
    ...({ ...base, type: 'legacy' } as const),
    to: `0x${'aa'.repeat(20)}`,
    value: 1n,
    data: '0x',
  } as const
  await expect(key.sign({ kind: 'transaction', transaction })).rejects.toThrow(
    "The relayer can't send this transaction.",
  )
  await expect(
    key.sign({ kind: 'message', message: 'hello' as never }),
  ).rejects.toThrow()
  expect(memory.calls).toEqual([])
})

test('before there is a Safe, it signs nothing at all', async () => {
  const { rule } = open('none')
  await expect(
    rule?.assert({ to: safe, value: 0n, data: '0x' }, {}),
  ).rejects.toThrow('The relayer has no Safe yet.')
})

test('an owner of the Safe does not relay', async () => {
  const owner = `0x${'ab'.repeat(20)}` as const
  const owned = (
    await chain.deploySafe({ owners: [owner], threshold: 1, saltNonce: 77n })
  ).toLowerCase() as `0x${string}`
  const { encodeExecution, SafeTransaction } = await import('@keyward/safe')
  const data = encodeExecution(
    SafeTransaction.create({ to: owner, nonce: 0n }),
    '0x',
  )
  const call = { to: owned, value: 0n, data }
  await expect(open(owned, owner).rule?.assert(call, {})).rejects.toThrow(
    "is an owner of the Safe and can't send its transactions",
  )
  const other = `0x${'cd'.repeat(20)}`
  await expect(open(owned, other).rule?.assert(call, {})).resolves.toBe(
    undefined,
  )
})

test('a setting that is not a Safe is refused at start', () => {
  expect(() => open('0x12')).toThrow(/RELAYED_SAFE/)
})
