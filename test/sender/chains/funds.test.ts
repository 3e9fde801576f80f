import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRpc, systemRuntime } from '../../../packages/sender/src/index.js'
import {
  toGetWire,
  toSendWire,
} from '../../../packages/sender/src/wire/answers.js'
import { refuse, serveNode } from '../../support/nodes/serveNode.js'
import { openChain, toRequest } from '../../support/openChain.js'
import { chainId } from '../../support/openSenderHome.js'

// What an account lacks, and what rollups take beside gas.

let chain: Awaited<ReturnType<typeof openChain>>
beforeEach(async () => {
  chain = await openChain()
})
afterEach(() => chain.close())

const ether = 10n ** 18n
const later = (minutes: number) => ({
  ...systemRuntime,
  now: () => Date.now() + minutes * 60_000,
})

test('a data fee is in the check: nothing is signed that it leaves unpayable', async () => {
  const { node, rpc } = await chain.start('op-like', {
    dataFee: ether / 50n,
  })
  const sender = chain.newSender({ rpc })
  await chain.anvil.setBalance(chain.address, ether + ether / 100n)
  const request = () => toRequest({ value_wei: String(ether) })
  await expect(sender.send(request())).rejects.toThrow(
    /amount plus the maximum fee and the data fee \(0\.02 ether\) is 1\.02/,
  )
  const exact = toRequest({
    value_wei: String(ether),
    exact_fee: true,
    max_fee_per_gas: '3000000000',
  })
  await expect(sender.send(exact)).rejects.toThrow(/data fee/)
  expect(chain.signs()).toBe(0)
  await chain.anvil.setBalance(chain.address, ether + ether / 40n)
  expect(await sender.send(request())).toMatchObject({ status: 'sent' })
  await node.close()
})

test.each(['scroll', 'morph'] as const)(
  'so is that of %s, for bytes of which nobody knows what they will be',
  async (stack) => {
    const { node, rpc } = await chain.start('scroll-like', {
      feePerByte: ether / 10_000n,
      stack,
    })
    const sender = chain.newSender({ rpc })
    // A transfer has some 120 bytes.
    await chain.anvil.setBalance(chain.address, ether + ether / 200n)
    const request = () => toRequest({ value_wei: String(ether) })
    await expect(sender.send(request())).rejects.toThrow(
      /amount plus the maximum fee and the data fee \(0\.0192 ether\) is 1\.0192/,
    )
    expect(chain.signs()).toBe(0)
    await chain.anvil.setBalance(chain.address, ether + ether / 50n)
    expect(await sender.send(request())).toMatchObject({
      status: 'sent',
      rollupFee: { data: (ether * 192n) / 10_000n, operator: 0n },
    })
    await node.close()
  },
)

test('what a rollup takes is answered until the transaction is in a block', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  const operator = { scalar: 0n, constant: 7n }
  const { node, rpc } = await chain.start('op-like', { dataFee: 5n, operator })
  const sender = chain.newSender({ rpc })
  const rollupFee = { data: 5n, operator: 7n }
  const given = toRequest()
  const sent = await sender.send(given)
  expect(sent).toMatchObject({ status: 'sent', rollupFee })
  expect(toSendWire(sent)).toMatchObject({
    data_fee_wei: '5',
    operator_fee_wei: '7',
  })
  expect(await sender.send(given)).toMatchObject({ rollupFee })
  const { transactionId } = sent
  const open = await sender.get({ transactionId })
  expect(toGetWire(open)).toMatchObject({
    data_fee_wei: '5',
    operator_fee_wei: '7',
  })
  const raised = await sender.speedUp({ transactionId })
  expect(raised).toMatchObject({ status: 'sent', rollupFee })
  const cancelled = await sender.cancel({ transactionId })
  expect(toSendWire(cancelled)).toMatchObject({
    data_fee_wei: '5',
    operator_fee_wei: '7',
    cancel_tx_hash: cancelled.cancelHash,
  })
  await chain.mine()
  await chain.reconcile({ rpc })
  const mined = await sender.get({ transactionId })
  expect(mined).toMatchObject({ status: 'replaced' })
  expect(mined).not.toHaveProperty('rollupFee')
  expect(toGetWire(mined)).not.toHaveProperty('data_fee_wei')
  await chain.anvil.call('evm_setAutomine', [true])
  await node.close()
})

test('where nothing is paid beside gas, nothing is said of it', async () => {
  expect(await chain.newSender().send(toRequest())).not.toHaveProperty(
    'rollupFee',
  )
})

test('so is the fee of an operator, which may come without a data fee', async () => {
  const operator = { scalar: 10n ** 15n, constant: ether / 100n }
  for (const dataFee of [0n, ether / 50n]) {
    const { node, rpc } = await chain.start('op-like', { dataFee, operator })
    const sender = chain.newSender({ rpc })
    // 21000 gas, a millionth of the scalar for each.
    const operatorFee = ether / 100n + 21_000n * 10n ** 9n
    await chain.anvil.setBalance(chain.address, ether + dataFee + operatorFee)
    const request = () => toRequest({ value_wei: String(ether) })
    const signed = chain.signs()
    await expect(sender.send(request())).rejects.toThrow(
      dataFee === 0n
        ? / but the amount plus the maximum fee and the operator fee \(0\.010021 ether\) is 1\.01/
        : /, the data fee \(0\.02 ether\) and the operator fee \(0\.010021 ether\) is 1\.03/,
    )
    expect(chain.signs()).toBe(signed)
    const gas = ether / 1000n
    const enough = ether + dataFee + operatorFee + gas
    await chain.anvil.setBalance(chain.address, enough)
    expect(await sender.send(request())).toMatchObject({ status: 'sent' })
    // Both count against the cap of a transaction's fee.
    await chain.anvil.setBalance(chain.address, 10n * ether)
    const capped = chain.newSender({ rpc, maxTxFee: dataFee + operatorFee })
    await expect(capped.send(toRequest())).rejects.toThrow(/MAX_TX_FEE_ETHER/)
    await node.close()
  }
})

test('a replacement counts the fee of an operator too', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  const operator = { scalar: 0n, constant: ether / 2n }
  const { node, rpc } = await chain.start('op-like', { dataFee: 0n, operator })
  await chain.anvil.setBalance(chain.address, ether)
  const { transactionId, status } = await chain
    .newSender({ rpc })
    .send(toRequest())
  expect(status).toBe('sent')
  await chain.anvil.setBalance(chain.address, ether / 2n)
  const sender = chain.newSender({ rpc })
  await expect(sender.speedUp({ transactionId })).rejects.toThrow(
    /the operator fee \(0\.5 ether\) is 0\.5/,
  )
  await expect(sender.cancel({ transactionId })).rejects.toThrow(
    /operator fee \(0\.5 ether\)/,
  )
  expect(chain.signs()).toBe(1)
  await node.close()
})

test('an oracle that is too busy to answer is not one that has no fee', async () => {
  const { node, rpc } = await chain.start('op-like', { dataFee: ether / 50n })
  const busy = await serveNode(node, ({ method }) =>
    method === 'eth_call' ? refuse('rate limit') : undefined,
  )
  const busyRpc = createRpc({ urls: [busy.url], chainId })
  const sender = chain.newSender({ rpc: busyRpc })
  const { status, problem, transactionId } = await sender.send(toRequest())
  expect({ status, problem }).toEqual({
    status: 'accepted',
    problem: 'The node answered with an error: rate limit',
  })
  expect(chain.signs()).toBe(0)
  await chain.reconcile({ rpc })
  const record = await chain.ledger.getTransaction(transactionId)
  expect(record).toMatchObject({ status: 'sent' })
  await busy.close()
  await node.close()
})

test('what the account cannot pay any more waits for money, unraised', async () => {
  const { node, rpc } = await chain.start('op-like')
  await chain.anvil.setBalance(chain.address, ether)
  const sender = chain.newSender({ rpc })
  const first = ether - ether / 1000n
  await chain.anvil.call('evm_setAutomine', [false])
  // A fee that rises between the check and the pool.
  const askedFor = chain.newSender({
    rpc: {
      ...rpc,
      request: async (method, ...rest) => {
        if (method === 'eth_sendRawTransaction') node.setDataFee(ether / 100n)
        return rpc.request(method, ...rest)
      },
    },
  })
  const sent = await askedFor.send(toRequest({ value_wei: String(first) }))
  expect(sent).toMatchObject({
    status: 'signed',
    problem: expect.stringContaining('l1 cost'),
  })
  const options = { rpc, stuckAfterMs: 0 }
  for (let runs = 0; runs < 3; runs++) {
    const { notices } = await chain.reconcile(options)
    expect(notices).toMatchObject([
      { type: 'transaction.stuck', text: expect.stringContaining('l1 cost') },
    ])
    await chain.pass(60)
  }
  const { transactionId } = sent
  expect((await chain.get(transactionId)).attempts).toHaveLength(1)
  await chain.anvil.setBalance(chain.address, 2n * ether)
  expect((await chain.reconcile(options)).counts.resent).toBe(1)
  await chain.mine()
  await chain.reconcile(options)
  expect(await chain.get(transactionId)).toMatchObject({ status: 'mined' })
  expect(await sender.send(toRequest())).toMatchObject({ status: 'sent' })
  await node.close()
})

test('after half an hour a cancel takes its place, and it is refused', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  const value = ether - ether / 1000n
  await chain.anvil.setBalance(chain.address, ether)
  let spent = false
  const rpc = {
    ...chain.rpc,
    request: async (method: string, ...rest: [never, never]) => {
      if (method === 'eth_sendRawTransaction' && !spent) {
        spent = true
        await chain.anvil.setBalance(chain.address, ether / 2n)
      }
      return chain.rpc.request(method, ...rest)
    },
  } as typeof chain.rpc
  const { transactionId, status } = await chain
    .newSender({ rpc })
    .send(toRequest({ value_wei: String(value) }))
  expect(status).toBe('signed')
  expect((await chain.reconcile({ runtime: later(29) })).counts.cancelled).toBe(
    0,
  )
  const options = { runtime: later(31), confirmations: 2 }
  expect((await chain.reconcile(options)).counts.cancelled).toBe(1)
  await chain.mine()
  await chain.mine()
  await chain.reconcile({ ...options, runtime: later(32) })
  expect(await chain.get(transactionId)).toMatchObject({
    status: 'refused',
    final: true,
    reason: {
      code: 'rpc-refused',
      text: expect.stringMatching(
        /No node accepted the signed transaction.*nsufficient funds/,
      ),
    },
  })
})
