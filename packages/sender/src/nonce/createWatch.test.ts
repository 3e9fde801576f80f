import type { Rpc, Runtime } from '@keyward/core/rpc'
import { RpcChainError, RpcTimeoutError } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  boundRpc,
  boundStore,
} from '../../../../test/support/requireDeadline.js'
import {
  createTestKey,
  createTestNode,
  createTestRuntime,
  createTestTable,
  type TestNode,
} from '../../../../test/support/senderParts.js'
import { createChain } from '../chain/createChain.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { createWatch, type WatchOptions } from './createWatch.js'

const { sign, getAccount } = createTestKey()
const hour = 3_600_000

let account: Account
let runtime: Runtime
let pass: (ms: number) => void
let table: ReturnType<typeof createTestTable>
let ledger: Ledger
let node: TestNode
beforeEach(async () => {
  account = await getAccount()
  ;({ runtime, pass } = createTestRuntime())
  table = createTestTable(runtime)
  ledger = table.newLedger()
  node = createTestNode()
})

const open = (
  options: WatchOptions = {},
  own = table.newLedger('ledger', boundStore),
) =>
  createWatch({
    ledger: own,
    chain: createChain(boundRpc(node.rpc)),
    account,
    runtime,
    confirmations: 12,
    ...options,
  })
const ask = (watch = open()) =>
  watch.assertComplete({ deadline: runtime.now() + 30_000 })
const refusalOf = (watch = open()) =>
  ask(watch).then(
    ({ head }) => `It accepts, from ${head.next}.`,
    (error) => `${error.name}: ${error.message}`,
  )

/** Of the account, without a word to the ledger, in a block of their own. */
const sendElsewhere = async (from: number, count: number) => {
  for (let nonce = from; nonce < from + count; nonce++)
    await node.mine(await sign({ nonce: BigInt(nonce) }))
}

describe('without a head', () => {
  test('an account that has sent nothing begins', async () => {
    const { head, floor } = await ask()
    expect(head).toMatchObject({
      next: 0n,
      first: 0n,
      table: 'ledger',
      halt: undefined,
    })
    expect(head.ledgerId).toMatch(/^[0-9a-f]{32}$/)
    expect(floor).toBe(0n)
  })

  test('existing rows show that a head is lost', async () => {
    await ledger.createFree(account, 3n)
    expect(await refusalOf()).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: the table "ledger" has rows for 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf but no head (the item that records the next nonce).
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. To compare the rows with the chain and write a new head, run keyward tx repair.
      See docs/errors/ledger-incomplete.md"
    `)
  })

  test('an account that has sent may have lost its ledger', async () => {
    await sendElsewhere(0, 2)
    expect(await refusalOf()).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf has sent 2 transactions, but the table "ledger" has none of them.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. If the account has another table, set LEDGER_TABLE to it. To start a new ledger, set NEW_LEDGER=2 or run keyward deploy --stack NAME --new-ledger. If the table was lost, run keyward tx repair to record the transactions that are on the chain.
      See docs/errors/ledger-incomplete.md"
    `)
    expect(await ledger.getHead(account)).toBe(undefined)
  })

  test('a count other than NEW_LEDGER', async () => {
    await sendElsewhere(0, 2)
    await node.mineEmpty(12)
    expect(await refusalOf(open({ newLedger: 1n }))).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf has sent 2 transactions, but the table "ledger" has none of them. NEW_LEDGER is 1, and 2 transactions are final.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. Check what the account has sent, then set NEW_LEDGER=2.
      See docs/errors/ledger-incomplete.md"
    `)
  })

  test('a count that is not final yet', async () => {
    await sendElsewhere(0, 2)
    await node.mineEmpty(10)
    expect(await refusalOf(open({ newLedger: 2n }))).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf has sent 2 transactions, but the table "ledger" has none of them. NEW_LEDGER is 2, and 1 transaction is final.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. Wait until 2 transactions are final (after 12 blocks), then set NEW_LEDGER=2.
      See docs/errors/ledger-incomplete.md"
    `)
    await node.mineEmpty(1)
    expect(await refusalOf(open({ newLedger: 2n }))).toBe('It accepts, from 2.')
  })

  test('the final count, while a later one is not final', async () => {
    await sendElsewhere(0, 1)
    await node.mineEmpty(11)
    await sendElsewhere(1, 1)
    expect(await refusalOf(open({ newLedger: 1n }))).toContain(
      'NEW_LEDGER is 1, and 1 transaction is final',
    )
  })

  test('a chain younger than its confirmations has nothing final', async () => {
    await sendElsewhere(0, 1)
    expect(await refusalOf(open({ newLedger: 1n }))).toContain(
      'NEW_LEDGER is 1, and 0 transactions are final',
    )
  })

  test('one endpoint may know more, so its answer is needed', async () => {
    const other = createTestNode()
    await other.send(await sign({ nonce: 0n }))
    let isSilent = true
    const rpc: Rpc = {
      ...node.rpc,
      askEach: async (_, method, params) => [
        await node.rpc.request(method, params),
        isSilent ? undefined : await other.rpc.request(method, params),
      ],
    }
    const openBoth = (options: WatchOptions = {}) =>
      createWatch({
        ...{ ledger, account, runtime, confirmations: 12, ...options },
        chain: createChain(rpc),
      })
    expect(await refusalOf(openBoth())).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger can't be compared with the chain: 1 of 2 endpoints did not return the transaction count of 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. Earlier transactions may be in the pool of only one endpoint, so a ledger can be started or repaired only after every endpoint has answered. Try again. If an endpoint no longer exists, remove it from RPC_URL.
      See docs/errors/ledger-incomplete.md"
    `)
    isSilent = false
    expect(await refusalOf(openBoth())).toContain(
      "the node's pool has 1 transaction from 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf that is not in the table",
    )
    isSilent = true
    expect(await ledger.getHead(account)).toBe(undefined)
    expect(await refusalOf(openBoth({ newLedger: 'any' }))).toBe(
      'It accepts, from 0.',
    )
  })

  test('any count is accepted on a chain without value', async () => {
    await sendElsewhere(0, 2)
    expect(await refusalOf(open({ newLedger: 'any' }))).toBe(
      'It accepts, from 2.',
    )
  })

  test('a lost ledger may have sent the pending transactions', async () => {
    for (const nonce of [0n, 1n]) await node.send(await sign({ nonce }))
    expect(await refusalOf()).toContain("the node's pool has 2 transaction")
    // Of a node that shows no pool, the count is believed.
    node.lies.txpool_contentFrom = () => null
    expect(await refusalOf()).toContain("the node's pool has 2 transaction")
    expect(await refusalOf(open({ newLedger: 'any' }))).toBe(
      'It accepts, from 2.',
    )
  })

  test('in addition to earlier transactions', async () => {
    await sendElsewhere(0, 2)
    await node.mineEmpty(12)
    await node.send(await sign({ nonce: 2n }))
    expect(await refusalOf(open({ newLedger: 2n }))).toContain(
      "the node's pool has 1 transaction",
    )
  })

  test('also behind a gap, which no count includes', async () => {
    await node.send(await sign({ nonce: 2n }))
    expect(await refusalOf()).toContain("the node's pool has 1 transaction")
    // And in front of one, of a node that does not count it.
    node.lies.eth_getTransactionCount = () => '0x2'
    await node.mineEmpty(12)
    expect(await refusalOf(open({ newLedger: 2n }))).toContain(
      "the node's pool has 1 transaction",
    )
  })

  test('but not those mined or replaced since', async () => {
    await sendElsewhere(0, 1)
    await node.mineEmpty(11)
    await node.send(await sign({ nonce: 0n, value: 7n }))
    expect(await refusalOf(open({ newLedger: 1n }))).toBe('It accepts, from 1.')
  })

  test('an implausible number in a pool is a mistake of the node', async () => {
    let pending = '0x41'
    node.lies.eth_getTransactionCount = ([, block]) =>
      block === 'pending' ? pending : '0x0'
    const any = () => refusalOf(open({ newLedger: 'any' }))
    expect(await any()).toBe('It accepts, from 0.')
    table.items.clear()
    pending = '0x40'
    expect(await any()).toBe('It accepts, from 64.')
  })

  test('an existing but unreadable head accepts nothing', async () => {
    const forgetful = table.newLedger('ledger', () => ({
      create: async () => true,
    }))
    expect(await refusalOf(open({}, forgetful))).toBe(
      `Error: The table "ledger" has a head for ${account.address} (the item that records the next nonce), but reading it returns nothing. Try again. If it fails again, find out who else writes to the table.`,
    )
  })

  test('a node that cannot be asked, or serves another chain, decides nothing', async () => {
    const late = new RpcTimeoutError('https://node', 5)
    node.lies.eth_getTransactionCount = () => {
      throw late
    }
    await expect(ask()).rejects.toThrow(late)
    delete node.lies.eth_getTransactionCount
    const wrong = new RpcChainError('https://node', 31337, 1)
    node.errors[0] = wrong
    await expect(ask()).rejects.toThrow(wrong)
    expect(await ledger.getHead(account)).toBe(undefined)
  })

  test('two concurrent beginnings create one head', async () => {
    const heads = await Promise.all([ask(open()), ask(open())])
    expect(heads[0].head).toEqual(heads[1].head)
  })
})

describe('with a head', () => {
  beforeEach(() => ledger.createHead(account, 2n))
  const raise = async (next: bigint) =>
    ledger.raiseHead(account, (await ledger.getHead(account))!, next, true)

  test('in a table of another name nothing is accepted', async () => {
    expect(
      await refusalOf(open({}, table.newLedger('restored'))),
    ).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: the table "restored" is a restored copy of the table "ledger" and lacks all later changes.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. Set LEDGER_TABLE to the table that was written to last. If that table no longer exists, run keyward tx repair, which records what is missing from the copy and makes the copy the ledger.
      See docs/errors/ledger-incomplete.md"
    `)
  })

  test('nothing is accepted while it is halted', async () => {
    await ledger.haltHead(account, { reason: 'foreign', below: 3n })
    expect(await refusalOf()).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: one reconciler run found more transactions from outside Keyward than MAX_FOREIGN allows, up to nonce 2.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. The sender continues as soon as all transactions below nonce 3 are final and recorded. To record them now, run keyward tx repair.
      See docs/errors/ledger-incomplete.md"
    `)
    const before = (await ledger.getHead(account))!
    await ledger.haltHead(account, { reason: 'missing', below: 4n })
    expect(await refusalOf()).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: a nonce below 4 is used on the chain but missing from the table.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. The sender continues as soon as all transactions below nonce 4 are final and recorded. To record them now, run keyward tx repair.
      See docs/errors/ledger-incomplete.md"
    `)
    await ledger.resumeHead(account, before)
    expect(await refusalOf()).toContain('does not match the chain')
    await ledger.resumeHead(account, (await ledger.getHead(account))!)
    expect(await refusalOf()).toBe('It accepts, from 2.')
  })

  test('a false count from a false head is forgotten after the repair', async () => {
    const far = 1_000_000_000_000_000n
    const lied = await ledger.getHead(account)
    await ledger.raiseHead(account, lied!, far, true)
    node.lies.eth_getTransactionCount = () => `0x${far.toString(16)}`
    const watch = open()
    expect((await ask(watch)).floor).toBe(far)
    delete node.lies.eth_getTransactionCount
    const head = await ledger.getHead(account)
    const renewed = { next: 2n, hasAdopted: false, halt: undefined }
    await ledger.renewHead(account, head!, renewed)
    pass(2001)
    expect(await ask(watch)).toMatchObject({ head: { next: 2n }, floor: 0n })
  })

  test('nothing is accepted when it is far above the chain', async () => {
    await raise(10_000n)
    expect(await refusalOf()).toBe('It accepts, from 10000.')
    await raise(10_001n)
    expect(await refusalOf()).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: its next nonce is 10001, but the chain has 0 transactions from 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. A transaction with a nonce that high would never be mined. To lower the next nonce, run keyward tx repair.
      See docs/errors/ledger-incomplete.md"
    `)
  })

  test('the floor is what the chain has used, and never sinks', async () => {
    await sendElsewhere(0, 2)
    const watch = open()
    expect(await ask(watch)).toMatchObject({ floor: 2n, head: { next: 2n } })
    node.lies.eth_getTransactionCount = () => '0x1'
    pass(2000)
    expect(await ask(watch)).toMatchObject({ floor: 2n })
  })

  test('a node that cannot give the count blocks nobody', async () => {
    node.lies.eth_getTransactionCount = () => null
    expect(await ask()).toMatchObject({ floor: 0n, head: { next: 2n } })
    await raise(10_001n)
    expect(await refusalOf()).toBe('It accepts, from 10001.')
  })

  test('unless it did before, and the head is far above that', async () => {
    await sendElsewhere(0, 1)
    const watch = open()
    expect(await ask(watch)).toMatchObject({ floor: 1n })
    node.lies.eth_getTransactionCount = () => null
    await raise(10_002n)
    pass(2000)
    expect(await refusalOf(watch)).toContain('the chain has 1 transaction from')
  })

  test('the count has two seconds, or the time of its caller', async () => {
    const deadlines: unknown[] = []
    const rpc: Rpc = {
      ...node.rpc,
      request(method, params, options) {
        deadlines.push(options?.deadline)
        return node.rpc.request(method, params, options)
      },
    }
    const watch = () =>
      createWatch({
        ...{ ledger, account, runtime, confirmations: 12 },
        chain: createChain(rpc),
      })
    const now = runtime.now()
    await watch().assertComplete({ deadline: now + 30_000 })
    await watch().assertComplete({ deadline: now + 500 })
    expect(deadlines).toEqual([now + 2000, now + 500])
  })

  test('nonces used elsewhere get rows and are skipped', async () => {
    await sendElsewhere(0, 5)
    expect(await ask()).toMatchObject({ floor: 5n, head: { next: 5n } })
    const rows = await ledger.listNonces(account, 0n, 9n)
    expect(rows.map(({ nonce, owner }) => [nonce, owner])).toEqual([
      [2n, undefined],
      [3n, undefined],
      [4n, undefined],
    ])
    // Proven by bytes, it is not the word of a node.
    expect((await ledger.getHead(account))?.rises.inHour).toBe(0)
  })

  test('more of them than MAX_FOREIGN', async () => {
    await sendElsewhere(0, 6)
    expect(await refusalOf()).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: the chain has 6 transactions from 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf, but the ledger has 2. The ledger is missing 4 of them, but MAX_FOREIGN allows 3.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. The sender continues as soon as all missing transactions are final and recorded. To record them now, run keyward tx repair. If the node is wrong, use another node in RPC_URL.
      See docs/errors/ledger-incomplete.md"
    `)
    expect((await ledger.getHead(account))?.next).toBe(2n)
    expect(await refusalOf(open({ maxForeign: 4 }))).toBe('It accepts, from 6.')
  })

  test('without bytes, 64 in an hour are believed', async () => {
    const unlimited = { maxForeign: Number.POSITIVE_INFINITY }
    node.lies.eth_getTransactionCount = () => '0x42'
    expect(await refusalOf(open(unlimited))).toBe('It accepts, from 66.')
    expect((await ledger.getHead(account))?.rises).toMatchObject({
      inHour: 64,
      inDay: 64,
    })
    node.lies.eth_getTransactionCount = () => '0x43'
    expect(await refusalOf(open(unlimited))).toMatchInlineSnapshot(`
      "LedgerIncompleteError: The ledger does not match the chain: the chain has 67 transactions from 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf, but the ledger has 66, and the node shows no transaction that confirms the higher number.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. The reconciler records the missing transactions (without proof from a node, at most 64 an hour and 256 a day). To record them now, run keyward tx repair. If the node is wrong, use another node in RPC_URL.
      See docs/errors/ledger-incomplete.md"
    `)
    // A row above the head would be in the way of who is given its number.
    expect(await ledger.getNonce(account, 66n)).toBe(undefined)
    pass(hour)
    expect(await refusalOf(open(unlimited))).toBe('It accepts, from 67.')
  })

  test('a count that no chain reaches is not believed, and leaves no rows', async () => {
    const size = table.items.size
    node.lies.eth_getTransactionCount = () => '0x38d7ea4c68000'
    expect(
      await refusalOf(open({ maxForeign: Number.POSITIVE_INFINITY })),
    ).toMatch(
      /and the node shows no transaction that confirms the higher number/,
    )
    expect(table.items.size).toBe(size)
    expect((await ledger.getHead(account))?.next).toBe(2n)
  })

  test('at most 256 are written at once, even if proven', async () => {
    await node.mine(await sign({ nonce: 257n }))
    await node.mine(await sign({ nonce: 258n }))
    let latest = 259
    node.lies.eth_getTransactionCount = ([, block]) =>
      `0x${(block === 'latest' ? latest : Number(block) + 257).toString(16)}`
    const unlimited = { maxForeign: Number.POSITIVE_INFINITY }
    const size = table.items.size
    expect(await refusalOf(open(unlimited))).toContain(
      'does not match the chain',
    )
    expect(table.items.size).toBe(size)
    latest = 258
    expect(await refusalOf(open(unlimited))).toBe('It accepts, from 258.')
  })

  test('a head that disappears during the check accepts nothing', async () => {
    await sendElsewhere(0, 3)
    const watch = open(
      {},
      table.newLedger('ledger', (store) => ({
        create: async (item) => {
          table.items.clear()
          return store.create(item)
        },
      })),
    )
    expect(await refusalOf(watch)).toContain('does not match the chain')
  })

  test('a count that comes and goes is requested again', async () => {
    let asked = 0
    node.lies.eth_getTransactionCount = () => (asked++ === 0 ? '0x9' : '0x2')
    expect(await ask()).toMatchObject({ head: { next: 2n } })
  })

  test('a count of another chain means nothing for this one', async () => {
    await sendElsewhere(0, 5)
    node.errors[0] = new RpcChainError('https://node', 31337, 1)
    expect(await ask()).toMatchObject({ floor: 0n, head: { next: 2n } })
  })

  test('our own may be assigned and mined during the check', async () => {
    await sendElsewhere(0, 3)
    const watch = open(
      {},
      {
        ...ledger,
        getHead: async (...given) => {
          const head = await ledger.getHead(...given)
          await ledger.advanceHead(account, 1)
          return head
        },
      },
    )
    expect((await ask(watch)).head.next).toBe(3n)
  })

  test('it is checked at most once in two seconds, and never concurrently', async () => {
    const watch = open()
    await Promise.all([ask(watch), ask(watch), ask(watch)])
    pass(1999)
    await ask(watch)
    expect(node.asked).toEqual(['eth_getTransactionCount'])
    pass(1)
    await ask(watch)
    expect(node.asked).toHaveLength(2)
  })

  /** Each look at the head answers, or fails, when it is told to. */
  const openHeld = () => {
    const looks: { answer(): void; fail(error: Error): void }[] = []
    const watch = open(
      {},
      {
        ...ledger,
        getHead: async (...given) => {
          await new Promise<void>((answer, fail) => {
            looks.push({ answer, fail })
          })
          return ledger.getHead(...given)
        },
      },
    )
    return { watch, looks }
  }
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const late = new RpcTimeoutError('https://node', 5)

  test('failures are not cached', async () => {
    const { watch, looks } = openHeld()
    for (const error of [late, new Error('no head')]) {
      const asked = ask(watch)
      looks.at(-1)!.fail(error)
      await expect(asked).rejects.toThrow(error)
    }
    const asked = ask(watch)
    expect(looks).toHaveLength(3)
    looks[2]!.answer()
    expect(await asked).toMatchObject({ head: { next: 2n } })
  })

  test('and do not discard what was found since', async () => {
    const { watch, looks } = openHeld()
    const first = ask(watch)
    pass(2000)
    const second = ask(watch)
    looks[1]!.answer()
    await second
    looks[0]!.fail(late)
    await expect(first).rejects.toThrow(late)
    await ask(watch)
    expect(looks).toHaveLength(2)
  })

  test('a caller with more time than the first asks again', async () => {
    const { watch, looks } = openHeld()
    const first = ask(watch)
    const second = ask(watch)
    looks[0]!.fail(late)
    await expect(first).rejects.toThrow(late)
    await turn()
    looks[1]!.answer()
    expect(await second).toMatchObject({ head: { next: 2n } })
  })

  test('but not one without time, nor after a refusal', async () => {
    const { watch, looks } = openHeld()
    const first = ask(watch)
    const second = watch.assertComplete({ deadline: runtime.now() })
    looks[0]!.fail(late)
    await expect(first).rejects.toThrow(late)
    await expect(second).rejects.toThrow(late)
    const refusal = new Error('no head')
    const both = [ask(watch), ask(watch)]
    looks[1]!.fail(refusal)
    for (const asked of both) await expect(asked).rejects.toThrow(refusal)
    expect(looks).toHaveLength(2)
  })
})
