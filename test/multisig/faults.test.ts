import { readdir, readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Proposal, SafeTransaction } from '../../packages/safe/src/index.js'
import { executeElsewhere } from '../support/safe/executeElsewhere.js'
import {
  type Answer,
  type MultisigHome,
  openMultisigHome,
} from '../support/safe/openMultisigHome.js'
import { soak } from '../support/tools.js'

// What may come between propose, approve and execute.

let home: MultisigHome
let relayer: Hex
beforeAll(async () => {
  home = await openMultisigHome()
  await home.pin(await home.createSafe())
  relayer = home.addressOf('relayer')
})
afterAll(() => home?.close())

const payee: Hex = `0x${'ee'.repeat(20)}`
let count = 1n
const pay = () =>
  home.coordinate({
    operation: 'propose',
    calls: [{ to: payee, value: String(count++) }],
  })
const hashOf = ({ safe_tx_hash }: Answer) => ({ safe_tx_hash })
const approve = (number: number, proposal: Answer) =>
  home.cosign(number, { operation: 'approve', ...hashOf(proposal) })
const ask = (operation: string, proposal: Answer) =>
  home.coordinate({ operation, ...hashOf(proposal) })
const chain = (method: string, ...params: unknown[]) =>
  home.chain.anvil.call(method, params)
const sentByRelayer = async () =>
  Number(await chain('eth_getTransactionCount', relayer, 'latest'))
const abi = parseAbi(['function changeThreshold(uint256 threshold)'])

/** As if its owners had changed it some other way. */
async function setThreshold(threshold: bigint): Promise<void> {
  const { safe } = home.file.domain
  const args = [threshold] as const
  const data = encodeFunctionData({ abi, args })
  await chain('anvil_impersonateAccount', safe)
  await chain('eth_sendTransaction', { from: safe, to: safe, data })
}

/** Processes of a function, which are children of this one. */
async function processesOf(name: string): Promise<number[]> {
  const found: number[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    const variables = text.split('\0')
    if (
      variables.includes(`AWS_LAMBDA_FUNCTION_NAME=${name}`) &&
      variables.includes(`AWS_ENDPOINT_URL=${home.home.endpoint}`)
    )
      found.push(Number(pid))
  }
  return found
}

test.runIf(soak)('eight approvals by one owner at once are one', async () => {
  const proposal = await pay()
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => approve(1, proposal)),
  )
  expect(answers.map(({ approved }) => approved)).toEqual(Array(8).fill(true))
  expect(answers.filter(({ signed_now }) => signed_now)).toHaveLength(1)
  const [owner] = (await ask('get', proposal)).signed as string[]
  expect(owner?.toLowerCase()).toBe(home.owners[0])
  expect((await ask('execute', proposal)).errorMessage).toMatch(
    '1 of 2 required signatures',
  )
  await ask('reject', proposal)
})

// Each is a process of the coordinator.
const atOnce = soak ? 8 : 3

test(`${atOnce} executions at once are one transaction`, async () => {
  const proposal = await pay()
  for (const number of [1, 2]) await approve(number, proposal)
  const sent = await sentByRelayer()
  const answers = await Promise.all(
    Array.from({ length: atOnce }, () => ask('execute', proposal)),
  )
  // Who comes after it is mined is told that the nonce is used.
  for (const { status, errorType } of answers)
    expect(status ?? errorType).toMatch(/^(mined|executing|SafeNonceError)$/)
  expect(await home.execute(proposal)).toMatchObject({ status: 'mined' })
  expect(await sentByRelayer()).toBe(sent + 1)
})

test('a co-signer killed between signing and storing leaves nothing, and signs again', async () => {
  const proposal = await pay()
  const before = home.signs()
  home.home.setFaults({ kmsLatencyMs: 3000 })
  const killed = approve(1, proposal)
  // KMS has the request, and its answer is on its way.
  await expect.poll(home.signs, { timeout: 10_000 }).toBe(before + 1)
  const pids = await processesOf('treasury-cosigner-1')
  expect(pids.length).toBeGreaterThan(0)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  expect((await killed).errorType).toMatch(/Runtime/)
  home.home.setFaults({ kmsLatencyMs: 0 })
  expect(await ask('get', proposal)).toMatchObject({ signed: [] })
  expect(await approve(1, proposal)).toMatchObject({ signed_now: true })
  expect(home.signs()).toBe(before + 2)
  await ask('reject', proposal)
})

test('a threshold that changed in between stops approvals and execution', async () => {
  const proposal = await pay()
  for (const number of [1, 2]) await approve(number, proposal)
  await setThreshold(3n)
  const sent = await sentByRelayer()
  expect(await ask('execute', proposal)).toMatchObject({
    errorType: 'SignaturesError',
    errorMessage: expect.stringContaining('has 2 of 3 required signatures.'),
  })
  expect((await approve(3, proposal)).errorMessage).toMatch(
    /does not match its pins.\n- threshold changed from 2 to 3/,
  )
  // Fewer would do: it is not what the owners agreed on either.
  await setThreshold(1n)
  expect(await ask('execute', proposal)).toMatchObject({
    errorType: 'SafeChangedError',
  })
  expect(await sentByRelayer()).toBe(sent)
  await setThreshold(2n)
  expect(await home.execute(proposal)).toMatchObject({ status: 'mined' })
})

test('a nonce that was used elsewhere ends what was signed for it', async () => {
  const [proposal, other] = [await pay(), await pay()]
  for (const number of [1, 2]) await approve(number, proposal)
  const { bundle } = await ask('export', other)
  const { transaction } = await Proposal.fromBundle(bundle)
  const changed = SafeTransaction.create({ ...transaction, value: 77n })
  const { domain } = home.file
  await executeElsewhere(home, Proposal.create(domain, changed))
  const sent = await sentByRelayer()
  expect(await ask('execute', proposal)).toMatchObject({
    errorType: 'SafeNonceError',
  })
  expect(await ask('get', proposal)).toMatchObject({
    status: 'gone',
    why: expect.stringContaining('not proposed here'),
  })
  expect(await sentByRelayer()).toBe(sent)
})

test('a failure that the Safe logs is an end of its own', async () => {
  const contract: Hex = `0x${'fa'.repeat(20)}`
  await chain('anvil_setCode', contract, '0x00')
  const { nonce } = await home.coordinate({ operation: 'status' })
  const { domain } = home.file
  const proposal = Proposal.create(
    domain,
    SafeTransaction.create({
      ...{ to: contract, nonce: BigInt(String(nonce)), safeTxGas: 50_000n },
    }),
  )
  const proposed = await home.coordinate({
    operation: 'propose',
    bundle: Proposal.toBundle(proposal),
  })
  // The gas limit of its own is what lets it fail so: nobody signs it here.
  expect((await approve(1, proposed)).errorMessage).toMatch('safe-tx-gas')
  // Reverts.
  await chain('anvil_setCode', contract, '0x60006000fd')
  await executeElsewhere(home, proposal)
  expect(await ask('get', proposed)).toMatchObject({
    status: 'failed',
    execution: { outcome: 'failure', by: 'somebody else' },
    why: expect.stringMatching(/ExecutionFailure.*had no other effect/),
  })
  // To be told so again is no success.
  expect(await ask('execute', proposed)).toMatchObject({ status: 'failed' })
})

test('what reverted is sent again, when the node says that it would succeed', async () => {
  const fickle: Hex = `0x${'fc'.repeat(20)}`
  const reverts = '0x60006000fd'
  const proposal = await home.coordinate({
    operation: 'propose',
    calls: [{ to: fickle, value: '1' }],
  })
  for (const number of [1, 2]) await approve(number, proposal)
  const sent = await sentByRelayer()
  await chain('evm_setAutomine', false)
  expect(await ask('execute', proposal)).toMatchObject({ status: 'executing' })
  await chain('anvil_setCode', fickle, reverts)
  await chain('evm_mine')
  await chain('evm_setAutomine', true)
  await expect
    .poll(
      async () => {
        // As the clock does, each minute.
        await home.invoke('treasury-reconciler:clock', {}, 'operator')
        return (await ask('get', proposal)).why
      },
      { timeout: 30_000 },
    )
    .toMatch('reverted: nothing was executed. That was attempt 1 of 3')
  // It still would: the relayer is not asked.
  expect((await ask('execute', proposal)).errorMessage).toMatch(
    'the transaction would fail',
  )
  expect(await sentByRelayer()).toBe(sent + 1)
  await chain('anvil_setCode', fickle, '0x')
  const both = await Promise.all([
    ask('execute', proposal),
    ask('execute', proposal),
  ])
  for (const { errorType } of both) expect(errorType).toBeUndefined()
  await expect
    .poll(async () => (await ask('get', proposal)).execution, {
      timeout: 15_000,
    })
    .toMatchObject({ outcome: 'success', by: 'relayer' })
  expect(await sentByRelayer()).toBe(sent + 2)
})

test('a relayer without funds refuses, and sends once it has some', async () => {
  const proposal = await pay()
  for (const number of [2, 3]) await approve(number, proposal)
  await home.chain.fund(relayer, 0n)
  // The balance that the relayer read is a second old at most.
  await setTimeout(1_100)
  const sent = await sentByRelayer()
  expect(await ask('execute', proposal)).toMatchObject({
    errorType: 'RelayerError',
    errorMessage: expect.stringContaining('InsufficientFundsError'),
  })
  expect(await ask('get', proposal)).toMatchObject({
    status: 'executing',
    why: expect.stringContaining('Call execute again'),
  })
  await home.chain.fund(relayer, 10n ** 18n)
  await expect
    .poll(async () => (await ask('execute', proposal)).status, {
      timeout: 10_000,
    })
    .toBe('mined')
  expect(await sentByRelayer()).toBe(sent + 1)
})

test('an execution that a reorg took back is not mined, until it is again', async () => {
  const proposal = await pay()
  for (const number of [1, 3]) await approve(number, proposal)
  const snapshot = await chain('evm_snapshot')
  const signs = home.signs()
  const first = await home.execute(proposal)
  expect(first).toMatchObject({ status: 'mined' })
  expect(home.signs()).toBe(signs + 1)
  const { tx_hash } = first.execution as Answer
  const raw = await chain('eth_getRawTransactionByHash', tx_hash)
  await chain('evm_revert', snapshot)
  expect(await ask('get', proposal)).toMatchObject({
    status: 'executing',
    execution: null,
  })
  // Whoever asks again has nothing signed again.
  expect(await ask('execute', proposal)).toMatchObject({ status: 'executing' })
  // As a pool does that has kept it; the reconciler does so after 15 s.
  await chain('eth_sendRawTransaction', raw)
  await expect
    .poll(() => ask('get', proposal), { timeout: 10_000 })
    .toMatchObject({
      status: 'mined',
      execution: { tx_hash, by: 'relayer' },
    })
  expect(home.signs()).toBe(signs + 1)
})

test('nothing is approved or executed after its time, or after a reject that came first', async () => {
  const proposal = await pay()
  for (const number of [1, 2]) await approve(number, proposal)
  const [rejected, executed] = await Promise.all([
    ask('reject', proposal),
    ask('execute', proposal),
  ])
  const latest = await ask('get', proposal)
  if (executed.errorType === 'ProposalClosedError')
    expect(latest).toMatchObject({ status: 'rejected', relayer: null })
  else {
    // It was handed over before: the answer says so, and the chain decides.
    expect(latest.status).toMatch(/mined|rejected/)
    if (rejected.status === 'rejected')
      expect(rejected.why).toMatch(/might still execute it|stays valid/)
  }
})
