import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EtherAmount } from '../../packages/core/src/index.js'
import {
  createLedger,
  createRpc,
  SendRequest,
} from '../../packages/sender/src/index.js'
import {
  chainId,
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    (value) => `accepted: ${(value as { status: string }).status}`,
    (error: Error) => `${error.name}: ${error.message}`,
  )

/** A contract without a constructor that runs this code. */
const deployOf = (code: string) =>
  `0x60${(code.length / 2).toString(16).padStart(2, '0')}600c60003960${(code.length / 2).toString(16).padStart(2, '0')}6000f3${code}`

describe('a request', () => {
  test('is one transaction, and the same again', async () => {
    const sender = home.newSender()
    const request = toRequest({ amount: '0.25', value_wei: undefined })
    const before = home.signs()
    const answer = await sender.send(request)
    expect(answer).toEqual({
      transactionId: SendRequest.transactionId(
        '*library',
        request.idempotencyKey,
      ),
      hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      nonce: 0,
      status: 'sent',
    })
    expect(await home.newSender().send(request)).toEqual(answer)
    expect(home.signs() - before).toBe(1)
    const mined = (await home.anvil.call('eth_getTransactionByHash', [
      answer.hash,
    ])) as Record<string, string>
    expect(mined).toMatchObject({
      from: home.address,
      to: request.to,
      value: '0x3782dace9d90000',
      type: '0x2',
      nonce: '0x0',
    })
  })

  test('is told with its attempts, by id and by key', async () => {
    const sender = home.newSender()
    const request = toRequest()
    const { transactionId, hash } = await sender.send(request)
    await home.anvil.receipt(hash)
    const got = await sender.get({ transactionId: transactionId })
    expect(
      await sender.get({ idempotencyKey: request.idempotencyKey }),
    ).toEqual(got)
    expect(got).toMatchObject({
      // No reconciler has run: the block is read from the chain.
      status: 'mined',
      final: false,
      checked: true,
      blockNumber: expect.any(BigInt),
      receiptStatus: 'succeeded',
      value: 1n,
      attempts: [{ hash: hash, purpose: 'request', gas: 21_000n }],
    })
  })

  test('of one caller is hidden from the others', async () => {
    const sender = home.newSender()
    const request = toRequest()
    const { transactionId } = await sender.send(request, { caller: 'a' })
    const other = await sender.send(request, { caller: 'b' })
    expect(other.transactionId).not.toBe(transactionId)
    expect(
      await refusal(
        sender.get({ transactionId: transactionId }, { caller: 'b' }),
      ),
    ).toMatch(/^TransactionNotFoundError: There is no transaction with this id/)
    const { transactions } = await sender.list({}, { caller: 'a' })
    expect(transactions.map((one) => one.transactionId)).toEqual([
      transactionId,
    ])
  })

  test('list goes through all pages, newest first', async () => {
    const sender = home.newSender()
    const ids: string[] = []
    for (let i = 0; i < 5; i++)
      ids.unshift(
        (await sender.send(toRequest(), { caller: 'lister' })).transactionId,
      )
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await sender.list(
        { limit: 2, ...(after && { after }) },
        { caller: 'lister' },
      )
      seen.push(...page.transactions.map((one) => one.transactionId))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual(ids)
  })

  test('with the same key and another body is refused', async () => {
    const sender = home.newSender()
    const request = toRequest({ amount: '0.5', value_wei: undefined })
    const { transactionId } = await sender.send(request)
    const count = await home.anvil.count(home.address)
    const text = await refusal(sender.send({ ...request, value: 2n }))
    expect(text.replace(/, accepted at 2[^ ]+Z/, '')).toBe(
      `IdempotencyConflictError: Another request has already used this idempotency key: "${request.idempotencyKey}".
It belongs to transaction ${transactionId}: 0.5 ether to ${request.to}. Nothing was signed. Repeat that request unchanged to get its transaction, or give the new request a new idempotency key.
See docs/errors/idempotency-conflict.md`,
    )
    expect(await home.anvil.count(home.address)).toBe(count)
  })
})

describe('gas and fees', () => {
  test('a contract is created where that is allowed, and called with a margin', async () => {
    const request = toRequest({
      dst_address: undefined,
      value_wei: '0',
      // Stores 1 at 0.
      data: deployOf('600160005500'),
    })
    expect(await refusal(home.newSender().send(request))).toMatch(
      /^CreationNotAllowedError: This sender is not allowed to create contracts/,
    )
    const sender = home.newSender({ allowCreation: true })
    const { hash } = await sender.send(request)
    const receipt = await home.anvil.receipt(hash)
    expect(receipt.status).toBe('0x1')
    const call = toRequest({
      dst_address: receipt.contractAddress,
      value_wei: '0',
    })
    const sent = await sender.send(call)
    const { attempts } = await sender.get({
      transactionId: sent.transactionId,
    })
    const estimate = await home.anvil.call('eth_estimateGas', [
      { from: home.address, to: receipt.contractAddress },
    ])
    expect(Number(attempts[0]?.gas)).toBeGreaterThan(21_000)
    expect(Number(attempts[0]?.gas)).toBeGreaterThan(Number(estimate))
  })

  test.each([
    [
      'Error(string)',
      `7f08c379a0${'00'.repeat(28)}600052602060045260026024527f4e6f${'00'.repeat(30)}604452606460006000fd`.replace(
        '606460006000fd',
        '60646000fd',
      ),
      'it reverts with "No"',
    ],
    [
      'a panic',
      `7f4e487b71${'00'.repeat(28)}600052601160045260246000fd`,
      'it reverts with panic 0x11 (an arithmetic overflow or underflow)',
    ],
    [
      'a custom error',
      `7f12345678${'00'.repeat(28)}60005260046000fd`,
      'it reverts with custom error 0x12345678 (0 bytes of arguments)',
    ],
    ['nothing', '60006000fd', 'the node says "execution reverted"'],
    ['an invalid opcode', 'fe', 'the node says "'],
  ])(
    'a call that reverts with %s is refused before a nonce is given',
    async (_, code, reason) => {
      const sender = home.newSender({ allowCreation: true })
      const { hash } = await sender.send(
        toRequest({
          dst_address: undefined,
          value_wei: '0',
          data: deployOf(code),
        }),
      )
      const { contractAddress } = await home.anvil.receipt(hash)
      const head = await home.ledger.getHead(home.account)
      const request = toRequest({
        dst_address: contractAddress,
        value_wei: '0',
      })
      const text = await refusal(sender.send(request))
      expect(text).toContain(
        `WouldFailError: The transaction would fail: ${reason}`,
      )
      expect(await home.ledger.getHead(home.account)).toEqual(head)
      expect(
        await refusal(sender.get({ idempotencyKey: request.idempotencyKey })),
      ).toMatch(/^TransactionNotFoundError/)
    },
  )

  test('more than there is', async () => {
    const request = toRequest({ amount: '1000', value_wei: undefined })
    expect(await refusal(home.newSender().send(request))).toMatch(
      /^InsufficientFundsError: 0x[0-9a-f]{40} has [\d.]+ ether, but the amount plus the maximum fee is 1000\.0+\d+ ether\.\nNothing was signed\. Send [\d.]+ ether or more/,
    )
  })

  test('an amount with too many zeros', async () => {
    const request = toRequest({ amount: '121000000', value_wei: undefined })
    expect(await refusal(home.newSender().send(request))).toMatch(
      / is 121000000\.0+\d+ ether\.\nNothing was signed\. Check the amount: it is more than all the ether in existence \(about 120 million\)\.\n/,
    )
  })

  test('a call that sends more than there is, which no node estimates', async () => {
    const more = { amount: '1000', value_wei: undefined, data: '0x12345678' }
    expect(await refusal(home.newSender().send(toRequest(more)))).toMatch(
      /^InsufficientFundsError: 0x[0-9a-f]{40} has [\d.]+ ether, but the amount alone is 1000 ether\.\nNothing was signed\. Send [\d.]+ ether plus the fee to the account/,
    )
  })

  test('more than there is, but what is missing is enough', async () => {
    const before = await home.rpc.request('eth_getBalance', [
      ...[home.address, 'latest'],
    ])
    const request = toRequest({ amount: '2', value_wei: undefined })
    await home.anvil.setBalance(home.address, 10n ** 18n)
    const text = await refusal(home.newSender().send(request))
    const [, missing = ''] = /Send (\S+) ether or more/.exec(text) ?? []
    const enough = 10n ** 18n + (EtherAmount.toWei(missing) ?? 0n)
    await home.anvil.setBalance(home.address, enough)
    expect(await home.newSender().send(request)).toMatchObject({
      status: 'sent',
    })
    await home.anvil.setBalance(home.address, BigInt(before as string))
  })

  test.each([
    [
      'the cap of the sender',
      { maxFeePerGas: 1n },
      {},
      'MAX_FEE_GWEI of the sender',
    ],
    [
      'the cap of a whole transaction',
      { maxTxFee: 21_000n },
      {},
      'MAX_TX_FEE_ETHER of the sender',
    ],
    [
      'the cap of the request',
      {},
      { max_fee_per_gas: 7 },
      'max_fee_per_gas of the request',
    ],
  ])('%s below the base fee', async (_, options, fields, name) => {
    const sender = home.newSender(options)
    expect(await refusal(sender.send(toRequest(fields)))).toMatch(
      new RegExp(
        `^FeeCapError: The fee is at least [0-9.]+ gwei per gas, which is above the cap of [0-9.]+ gwei per gas \\(${name}`,
      ),
    )
  })

  test('the caps hold and the three speeds differ', async () => {
    const sender = home.newSender()
    const fees = []
    for (const speed of ['slow', 'normal', 'fast']) {
      const { transactionId } = await sender.send(toRequest({ speed }))
      const got = await sender.get({ transactionId: transactionId })
      fees.push(Number(got.attempts[0]?.maxFeePerGas))
    }
    expect(fees).toEqual([...fees].sort((a, b) => a - b))
    expect(new Set(fees).size).toBe(3)
    const capped = await sender.send(
      toRequest({
        max_fee_per_gas: 1_000_000_007,
        max_priority_fee_per_gas: 3,
      }),
    )
    const got = await sender.get({ transactionId: capped.transactionId })
    expect(got.attempts[0]).toMatchObject({
      maxFeePerGas: 1_000_000_007n,
      maxPriorityFeePerGas: 3n,
    })
  })
})

describe('time', () => {
  test('an expired request is refused, and one in time is not', async () => {
    const sender = home.newSender()
    const past = Math.floor(Date.now() / 1000) - 1
    expect(
      await refusal(sender.send(toRequest({ valid_until: past }))),
    ).toMatch(/^RequestExpiredError: The request was valid until 2/)
    const request = toRequest({ valid_until: past + 600 })
    expect(await sender.send(request)).toMatchObject({ status: 'sent' })
  })

  test('a repetition after its time is told of the transaction', async () => {
    const sender = home.newSender()
    const soon = Date.now() + 1500
    const request = { ...toRequest(), validUntil: soon }
    const answer = await sender.send(request)
    while (Date.now() < soon) await new Promise((done) => setTimeout(done, 50))
    expect(await sender.send(request)).toEqual(answer)
  })

  test('KMS is slow: the answer comes by the deadline, the rest goes on', async () => {
    const sender = home.newSender()
    home.home.setFaults({ kmsLatencyMs: 1500 })
    const start = Date.now()
    const request = toRequest()
    const early = await sender.send(request, { deadline: start + 600 })
    home.home.setFaults({ kmsLatencyMs: 0 })
    expect(Date.now() - start).toBeLessThan(1400)
    expect(early).toMatchObject({ status: 'reserved', hash: undefined })
    expect(early.nonce).not.toBe(undefined)
    // What fails after the answer, because its time was over, is no problem.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const { transactionId } = early
    expect((await sender.get({ transactionId })).problem).toBe(undefined)
    const later = await sender.send(request)
    expect(later).toMatchObject({ nonce: early.nonce, status: 'sent' })
  })

  test('no node: the request is accepted and says why it waits', async () => {
    const rpc = createRpc({ urls: ['http://127.0.0.1:9'], chainId })
    const request = toRequest()
    const answer = await home.newSender({ rpc }).send(request)
    expect(answer).toEqual({
      transactionId: expect.any(String),
      hash: undefined,
      nonce: undefined,
      status: 'accepted',
      problem: "The RPC endpoint http://127.0.0.1:9 can't be reached.",
    })
  })

  test('a node that is silent leaves the ledger its time', async () => {
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const rpc = createRpc({ urls: [`http://127.0.0.1:${port}`], chainId })
    const ledger = home.newLedger()
    const { accept } = ledger
    // A table that is far away, over a connection that is new.
    ledger.accept = (...parameters) =>
      new Promise((resolve) => setTimeout(resolve, 300)).then(() =>
        accept(...parameters),
      )
    const answer = await home
      .newSender({ rpc, ledger })
      .send(toRequest(), { deadline: Date.now() + 2000 })
    silent.closeAllConnections()
    silent.close()
    expect(answer).toMatchObject({
      status: 'accepted',
      problem: expect.stringContaining('did not answer'),
    })
  })
})

describe('tables', () => {
  test('a missing one is explained', async () => {
    const ledger = createLedger({ ...home.aws, tableName: 'nowhere' })
    expect(await refusal(home.newSender({ ledger }).send(toRequest()))).toBe(
      `LedgerTableError: The table "nowhere" at ${new URL(home.aws.endpoint).host} does not exist.
Nothing was sent. Check the table's name, AWS account and Region. The stack creates the table; docs/ledger.md describes it.
See docs/errors/ledger-table.md`,
    )
  })

  test('a foreign item in the place of ours is refused', async () => {
    const request = toRequest()
    const id = SendRequest.transactionId('*library', request.idempotencyKey)
    await home.putItem({
      pk: { S: `tx#${id}` },
      sk: { S: 'tx' },
      kind: { S: 'invoice' },
    })
    expect(await refusal(home.newSender().send(request))).toMatch(
      /^LedgerItemError: The item at pk="tx#[0-9a-f]{40}" sk="tx" is not valid: its field "kind" must be "transaction.2"\./,
    )
  })

  test('a foreign attempt at a nonce is named, and nothing is made of it', async () => {
    const account = {
      ...home.account,
      address: `0x${'ef'.repeat(20)}` as const,
    }
    const owner = 'ab'.repeat(20)
    await home.ledger.reserve(account, 5n, owner)
    await home.putItem({
      pk: { S: `account#${chainId}#${account.address}` },
      sk: { S: `nonce#${'5'.padStart(20, '0')}#0001` },
      kind: { S: 'attempt' },
      ...{ nonce: { N: '5' }, index: { N: '1' }, purpose: { S: 'request' } },
      ...{ raw: { B: 'AA==' }, hash: { S: '0x' }, gas: { N: '21000' } },
      ...{ maxFeePerGas: { S: 'lots' }, maxPriorityFeePerGas: { S: '1' } },
      signedAt: { N: '1' },
    })
    const row = await home.ledger.getNonce(account, 5n)
    // Nothing is signed for it, whatever stands behind it.
    expect(row).toMatchObject({ owner, attempts: [], nextIndex: 0 })
    expect(row?.damage).toBe(undefined)
    expect(row?.remarks[0]?.message).toMatch(
      /^The item at pk="account#.* has ledger version 1, but this version of Keyward supports only version 2\./,
    )
  })

  test('ours passes the check', async () => {
    await home.ledger.check()
    expect(
      await refusal(createLedger({ ...home.aws, tableName: 'gone' }).check()),
    ).toMatch(/does not exist/)
  })
})
