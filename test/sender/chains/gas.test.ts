import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Rpc,
  RpcRefusedError,
} from '../../../packages/sender/src/index.js'
import { openChain, toRequest } from '../../support/openChain.js'

// Gas that no block has room for, and transfers that cost more than 21000.

let chain: Awaited<ReturnType<typeof openChain>>
beforeAll(async () => {
  chain = await openChain()
})
afterAll(() => chain.close())

test('gas above the limit of a block is refused before it has a nonce', async () => {
  const { node, rpc } = await chain.start('gas-cap')
  const sender = chain.newSender({ rpc })
  await expect(sender.send(toRequest({ gas: '31000000' }))).rejects.toThrow(
    /^31000000 gas is above the limit of 30000000 for a block\.$/m,
  )
  expect(await sender.send(toRequest())).toMatchObject({
    status: 'sent',
    nonce: 0,
  })
  await node.close()
})

test('a network that allows a transaction less says so', async () => {
  const rpc = { ...chain.rpc, chainId: 1 }
  const sender = chain.newSender({ rpc, newLedger: 'any' })
  await expect(sender.send(toRequest({ gas: '16777217' }))).rejects.toThrow(
    /above the limit of 16777216 for a transaction on chain 1/,
  )
})

test('gas that is named for a call has to be enough for it', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  // Writes to storage.
  const dst_address = `0x${'5e'.repeat(20)}`
  await chain.anvil.call('anvil_setCode', [dst_address, '0x600160005500'])
  const sender = chain.newSender()
  const { transactionId } = await sender.send(toRequest({ dst_address }))
  const signed = chain.signs()
  await expect(
    sender.speedUp({ transactionId }, { gas: 22_000n }),
  ).rejects.toThrow(/^The transaction would fail: /)
  expect(chain.signs()).toBe(signed)
  await sender.speedUp({ transactionId }, { gas: 90_000n })
  await chain.mine()
  await chain.reconcile()
  expect(await chain.get(transactionId)).toMatchObject({
    status: 'mined',
    receiptStatus: 'succeeded',
  })
})

test('speed_up may name gas, within the limit; a cancel needs none', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  const sender = chain.newSender()
  // A chain that refuses to estimate anything from now on.
  const rpc: Rpc = {
    ...chain.rpc,
    request: async (method, ...rest) => {
      if (method === 'eth_estimateGas')
        throw new RpcRefusedError('https://x', method, {
          code: -32000,
          message: 'no',
          data: undefined,
        })
      return chain.rpc.request(method, ...rest)
    },
  }
  const { transactionId } = await sender.send(toRequest({ gas: '50000' }))
  await expect(
    sender.speedUp({ transactionId }, { gas: 31_000_000n }),
  ).rejects.toThrow(/above the limit/)
  await sender.speedUp({ transactionId }, { gas: 60_000n })
  await chain.newSender({ rpc }).cancel({ transactionId })
  const { attempts } = await chain.get(transactionId)
  expect(attempts.map(({ gas, purpose }) => `${purpose} ${gas}`)).toEqual([
    'request 50000',
    'request 60000',
    'cancel 21000',
  ])
})
