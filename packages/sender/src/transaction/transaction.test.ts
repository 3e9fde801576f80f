import type { Hex } from '@keyward/core'
import { RpcRefusedError, RpcTimeoutError } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'
import type { SenderOptions } from '../createSender.js'
import * as SendRequest from '../request/SendRequest.js'

// What comes between the steps of a transaction.

let parts: SenderParts
let { account, ledger, node, pass, request, runtime, sign, signs, table } =
  {} as SenderParts
beforeEach(async () => {
  parts = await openSenderParts()
  ;({ account, ledger, node, pass, request, runtime, sign, signs, table } =
    parts)
})

const open = (options: Partial<SenderOptions> = {}) => parts.newSender(options)
const one = { idempotencyKey: 'one' }
const id = SendRequest.transactionId('*library', 'one')
const send = (more = {}, options: Partial<SenderOptions> = {}) =>
  open(options).send(request('one', more))
const get = () => open().get(one)
const rowId = () =>
  `account#${account.chainId}#${account.address}\0nonce#${'0'.repeat(20)}`
const change = (key: string, fields: object) =>
  table.items.set(key, { ...table.items.get(key), ...fields })
const refuse = (message: string) => {
  const error = { code: -32000, message, data: undefined }
  return new RpcRefusedError('https://node', 'method', error)
}
const dear = () => ({
  baseFeePerGas: ['0x2540be400', '0x2540be400'],
  reward: [['0x1', '0x2', '0x3']],
})

describe('a node that accepts it but answers otherwise', () => {
  test('already known: it is sent', async () => {
    node.lies.eth_sendRawTransaction = async ([raw]) => {
      await node.send(raw as Hex)
      throw refuse('already known')
    }
    expect(await send()).toMatchObject({ status: 'sent', problem: undefined })
  })

  test('already known, but only remembered: it is not sent', async () => {
    node.lies.eth_sendRawTransaction = () => {
      throw refuse('already known')
    }
    expect(await send()).toMatchObject({ status: 'signed' })
  })

  test('nonce too low, but it has it: it is sent', async () => {
    node.lies.eth_sendRawTransaction = async ([raw]) => {
      await node.mine(raw as Hex)
      throw refuse('nonce too low')
    }
    expect(await send()).toMatchObject({ status: 'sent', problem: undefined })
  })

  test('nonce too low, and it does not have it: it is not sent', async () => {
    node.lies.eth_sendRawTransaction = () => {
      throw refuse('nonce too low')
    }
    expect(await send()).toMatchObject({
      status: 'signed',
      problem: 'The node answered with an error: nonce too low',
    })
  })

  test('another hash: it is not believed', async () => {
    node.lies.eth_sendRawTransaction = () => `0x${'ab'.repeat(32)}`
    expect(await send()).toMatchObject({
      status: 'signed',
      problem: 'The node returned the hash of another transaction.',
    })
  })

  test('no answer: the bytes are kept, and are the ones sent later', async () => {
    node.lies.eth_sendRawTransaction = () => {
      throw new RpcTimeoutError('https://node', 5)
    }
    const { hash, status } = await send()
    expect(status).toBe('signed')
    delete node.lies.eth_sendRawTransaction
    pass(10_000)
    expect(await send()).toMatchObject({ status: 'sent', hash })
    expect(signs()).toBe(1)
  })
})

describe('between nonce and signature', () => {
  test('a nonce under another claim signs nothing', async () => {
    const own: typeof ledger = {
      ...ledger,
      async storeAttempt(...given) {
        change(rowId(), { claim: { S: 'ee'.repeat(16) } })
        return ledger.storeAttempt(...given)
      },
    }
    expect(await send({}, { ledger: own })).toMatchObject({
      status: 'reserved',
    })
    expect(table.items.get(rowId())?.raw).toBe(undefined)
    expect(node.count()).toBe(0)
    expect(node.asked).not.toContain('eth_sendRawTransaction')
  })

  test('a reassigned nonce is not signed', async () => {
    const own: typeof ledger = {
      ...ledger,
      async bind() {
        return undefined
      },
    }
    expect(await send({}, { ledger: own })).toMatchObject({
      status: 'accepted',
    })
    expect(signs()).toBe(0)
    // And it is given to the next.
    expect((await ledger.getHead(account))?.free).toEqual([0n])
  })

  test('a damaged row is not signed', async () => {
    node.lies.eth_sendRawTransaction = () => {
      throw refuse('down')
    }
    await send()
    change(rowId(), { raw: { B: 'AAAA' } })
    pass(10_000)
    const answer = await send()
    expect(answer.problem).toMatch(/^The item at .* is not valid/)
    expect(signs()).toBe(1)
  })

  test('a signature for it with another effect is not sent', async () => {
    node.lies.eth_sendRawTransaction = () => {
      throw refuse('down')
    }
    await send()
    const raw = await sign({ nonce: 0n, value: 9n })
    const bytes = Buffer.from(raw.slice(2), 'hex').toString('base64')
    change(rowId(), { raw: { B: bytes } })
    delete node.lies.eth_sendRawTransaction
    pass(10_000)
    await send()
    expect(node.asked.filter((name) => name.includes('sendRaw'))).toHaveLength(
      1,
    )
  })

  test('a request that expires before KMS answers keeps nothing', async () => {
    const key: typeof parts.key = {
      ...parts.key,
      async sign(request, options) {
        const signature = await parts.key.sign(request, options)
        pass(20_000)
        return signature
      },
    }
    const validUntil = runtime.now() + 10_000
    const answer = await send({ validUntil }, { key })
    expect(answer).toMatchObject({ status: 'reserved' })
    expect(answer.problem).toContain('was valid until')
    expect(table.items.get(rowId())?.raw).toBe(undefined)
  })

  test('nothing signed for another account is kept', async () => {
    let asked = 0
    const changing: typeof parts.key = {
      ...parts.key,
      sign: (request, options) => parts.key.sign(request, options),
      getAddress: async () =>
        asked++ === 0 ? `0x${'11'.repeat(20)}` : parts.key.getAddress(),
    }
    const answer = await send({}, { key: changing })
    expect(answer.problem).toBe('An unexpected error occurred (Error).')
    expect(node.asked).not.toContain('eth_sendRawTransaction')
  })
})

describe('a cancel', () => {
  test('of an unsigned transaction needs no signature', async () => {
    node.lies.eth_estimateGas = () => {
      throw new RpcTimeoutError('https://node', 5)
    }
    expect(await send()).toMatchObject({ status: 'accepted' })
    expect(await open().cancel(one)).toMatchObject({ status: 'dropped' })
    expect(signs()).toBe(0)
    expect(await get()).toMatchObject({ final: true, status: 'dropped' })
  })

  test('of a signed transaction replaces it, once', async () => {
    await send()
    const { cancelHash } = await open().cancel(one)
    expect(node.isKnown(cancelHash as Hex)).toBe(true)
    expect(await open().cancel(one)).toMatchObject({ cancelHash })
    expect(signs()).toBe(2)
    const { attempts } = await get()
    expect(attempts.map(({ purpose }) => purpose)).toEqual([
      'request',
      'cancel',
    ])
    await expect(open().speedUp(one)).rejects.toThrow(
      'a cancellation is in progress',
    )
    await node.mine()
    await parts.newReconciler().run()
    expect(await get()).toMatchObject({
      status: 'replaced',
      final: true,
      reason: { code: 'cancelled' },
    })
    await expect(open().cancel(one)).rejects.toThrow("can't be changed")
  })

  test('that no node accepts is reported and tried again', async () => {
    await send()
    node.lies.eth_sendRawTransaction = () => {
      throw refuse('replacement transaction underpriced')
    }
    expect((await open().cancel(one)).problem).toContain('underpriced')
    delete node.lies.eth_sendRawTransaction
    pass(61_000)
    expect((await parts.newReconciler().run()).counts.resent).toBe(1)
  })

  test('that cannot be paid is still recorded', async () => {
    await send()
    node.lies.eth_feeHistory = dear
    pass(3000)
    await expect(open({ maxFeePerGas: 1000n }).cancel(one)).rejects.toThrow()
    expect(await get()).toMatchObject({ cancelRequested: true, status: 'sent' })
    pass(61_000)
    expect((await parts.newReconciler().run()).counts.cancelled).toBe(1)
  })

  test("of another caller's finds nothing", async () => {
    await send()
    await expect(
      open().cancel({ transactionId: id }, { caller: 'thief' }),
    ).rejects.toThrow('There is no transaction with this id')
    await expect(open().cancel({ idempotencyKey: 'two' })).rejects.toThrow(
      'There is no transaction with this idempotency key: "two"',
    )
  })
})

describe('a transaction already on the chain is not replaced', () => {
  test.each(['speedUp', 'cancel'] as const)('by %s', async (operation) => {
    const { hash } = await send()
    await node.mine()
    await expect(open()[operation](one)).rejects.toThrow(
      `Transaction ${id} (sent) can't be changed: it was already mined in block 1 (transaction hash ${hash}).`,
    )
    expect(signs()).toBe(1)
  })

  test('a mined cancel is reported', async () => {
    await send()
    const { cancelHash } = await open().cancel(one)
    await node.mine()
    await expect(open().cancel(one)).rejects.toThrow(
      `a cancellation was already mined in block 1 (transaction hash ${cancelHash})`,
    )
  })

  test('nor is one whose nonce was used elsewhere', async () => {
    await send()
    node.evict()
    await node.mine(await sign({ nonce: 0n, value: 9n }))
    await expect(open().speedUp(one)).rejects.toThrow(
      'nonce 0 is already used on the chain; the reconciler will find out which transaction used it',
    )
  })

  test('a node that cannot be asked is no reason to refuse', async () => {
    await send()
    node.lies.eth_getTransactionCount = () => null
    expect((await open().cancel(one)).cancelHash).toBeDefined()
  })
})

describe('speed_up', () => {
  test('pays more for the same', async () => {
    const { hash } = await send()
    const faster = await open().speedUp(one)
    expect(faster.hash).not.toBe(hash)
    const { attempts } = await get()
    expect(attempts.map(({ purpose }) => purpose)).toEqual([
      'request',
      'request',
    ])
    await node.mine()
    await parts.newReconciler().run()
    expect(await get()).toMatchObject({ status: 'mined', hash: faster.hash })
  })

  test('of an unsigned transaction is refused', async () => {
    node.lies.eth_estimateGas = () => {
      throw new RpcTimeoutError('https://node', 5)
    }
    await send()
    await expect(open().speedUp(one)).rejects.toThrow('it is not signed yet')
  })

  test('is refused if the caps leave no room, and signs nothing', async () => {
    await send()
    await expect(open().speedUp(one, { maxFeePerGas: 1n })).rejects.toThrow()
    expect(signs()).toBe(1)
  })

  test('that no node accepts leaves the first one unchanged', async () => {
    const { hash } = await send()
    node.lies.eth_sendRawTransaction = () => {
      throw refuse('replacement transaction underpriced')
    }
    expect(await open().speedUp(one)).toMatchObject({
      hash,
      problem:
        'The node answered with an error: replacement transaction underpriced',
    })
  })

  test('that the account cannot pay for says to fund the account', async () => {
    await send()
    const reason = 'insufficient funds: balance 0, tx cost 9, overshot 9'
    node.lies.eth_sendRawTransaction = () => {
      throw refuse(reason)
    }
    const { problem } = await open().speedUp(one)
    expect(problem).toMatch(
      /^The node answered with an error: insufficient funds: .*overshot 9 \(fund the account 0x[0-9a-f]{40}, or cancel this transaction\)$/,
    )
  })

  test('of an expired transaction is refused', async () => {
    await send({ validUntil: runtime.now() + 10_000 })
    pass(11_000)
    await expect(open().speedUp(one)).rejects.toThrow('valid_until has passed')
  })

  test('of a damaged row is refused', async () => {
    await send()
    change(rowId(), { raw: { B: 'AAAA' } })
    await expect(open().speedUp(one)).rejects.toThrow('is not valid')
    await expect(open().cancel(one)).rejects.toThrow('is not valid')
    expect(signs()).toBe(1)
  })
})

test('the same key with another request is a conflict', async () => {
  await send()
  await expect(send({ value: 6n })).rejects.toThrow(
    'Another request has already used this idempotency key: "one".',
  )
  node.lies.eth_estimateGas = () => {
    throw refuse('execution reverted')
  }
  await expect(send({ value: 6n })).rejects.toThrow(
    'Another request has already used',
  )
  // What would be refused by now was sent when it was not.
  expect(await send()).toMatchObject({ status: 'sent' })
  expect(signs()).toBe(1)
})
