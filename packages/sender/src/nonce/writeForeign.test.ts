import { expect, test } from 'vitest'
import {
  boundRpc,
  boundStore,
} from '../../../../test/support/requireDeadline.js'
import {
  createTestKey,
  createTestNode,
  createTestRuntime,
  createTestTable,
} from '../../../../test/support/senderParts.js'
import { createChain } from '../chain/createChain.js'
import { external } from '../ledger/NonceRecord.js'
import { writeForeign } from './writeForeign.js'

/** A ledger whose next nonce is 1, and a chain that has used 0 to 3. */
async function open(isAdopted: boolean) {
  const { sign, getAccount } = createTestKey()
  const account = await getAccount()
  const table = createTestTable(createTestRuntime().runtime)
  const ledger = table.newLedger('ledger', boundStore)
  const node = createTestNode()
  const raws = await Promise.all(
    [0n, 1n, 2n, 3n].map((nonce) => sign({ nonce, value: 10n + nonce })),
  )
  for (const raw of raws) await node.mine(raw)
  const options = { deadline: 1 }
  await ledger.createHead(account, 1n, options)
  if (isAdopted) await ledger.markAdopted(account, options)
  const head = (await ledger.getHead(account, options))!
  const of = { ledger, chain: createChain(boundRpc(node.rpc)), account }
  const request = { to: `0x${'77'.repeat(20)}`, data: '0x' } as const
  return {
    node,
    raws,
    write: (end: bigint) =>
      writeForeign(of, head, { end, block: 4n, ...options }),
    list: async () =>
      (await ledger.listNonces(account, 0n, 9n, options)).map(
        ({ nonce, owner, foreign }) => ({ nonce, owner, raw: foreign?.raw }),
      ),
    findAdopted: async (value: bigint) =>
      (await ledger.findAdopted(account, { ...request, value }, options)).map(
        ({ nonce }) => nonce,
      ),
  }
}

test('nonces used elsewhere get rows without an owner', async () => {
  const { write, list, node } = await open(false)
  expect(await write(4n)).toBe(4n)
  expect(await list()).toEqual(
    [1n, 2n, 3n].map((nonce) => ({ nonce, owner: undefined, raw: undefined })),
  )
  expect(node.asked).toEqual([])
})

test('after a repair they may be our own, so each is stored with its effect', async () => {
  const { write, list, raws, findAdopted } = await open(true)
  expect(await write(3n)).toBe(3n)
  expect(await list()).toEqual([
    { nonce: 1n, owner: external, raw: raws[1] },
    { nonce: 2n, owner: external, raw: raws[2] },
  ])
  expect(await findAdopted(11n)).toEqual([1n])
  expect(await findAdopted(12n)).toEqual([2n])
  expect(await findAdopted(13n)).toEqual([])
})

test('if a node shows it', async () => {
  const { write, list, raws, node } = await open(true)
  const { eth_getBlockByNumber } = node.truth
  node.lies.eth_getBlockByNumber = ([block, ...rest]) => {
    const found = eth_getBlockByNumber!([block, ...rest]) as object
    return block === '0x3' ? { ...found, transactions: [] } : found
  }
  expect(await write(4n)).toBe(2n)
  expect(await list()).toEqual([{ nonce: 1n, owner: external, raw: raws[1] }])
})
