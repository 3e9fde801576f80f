import { type Hex, SigningKey } from '@keyward/core'
import { KmsTimeoutError } from '@keyward/core/kms'
import { RpcRefusedError } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'

// What is signed, lost by the node and due for a bump, while KMS or the node
// fails at that: the bytes that are there go on all the same.

let parts: SenderParts
let isKmsDown = false
let key: SigningKey.LazySigningKey

beforeEach(async () => {
  parts = await openSenderParts()
  isKmsDown = false
  const { service } = createMemoryKey({ d: 1n })
  key = SigningKey.open({
    keyId: 'test-1',
    service: {
      ...service,
      signDigest: async (...given) => {
        if (isKmsDown) throw new KmsTimeoutError('kms', 5000)
        return service.signDigest(...given)
      },
    },
  })
})

const run = () => parts.newReconciler({ key }).run()
const send = async (more = {}) => {
  const { hash } = await parts
    .newSender({ key })
    .send(parts.request('one', more))
  return hash as Hex
}
const raiseFees = () => {
  parts.node.lies.eth_feeHistory = () => ({
    baseFeePerGas: ['0x2540be400', '0x2540be400'],
    reward: [['0x1', '0x2', '0x3']],
  })
}
const fail = () => {
  const error = { code: -32000, message: 'down', data: undefined }
  throw new RpcRefusedError('https://node', 'method', error)
}
const textsOf = async () =>
  (await run()).notices.map(({ type, text }) => `${type}: ${text}`)

describe('a bump that fails', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'KMS does not answer',
      () => {
        raiseFees()
        isKmsDown = true
      },
      /^step.failed: KMS at kms did not answer/,
    ],
    [
      'the node does not tell its fees',
      () => {
        parts.node.lies.eth_feeHistory = fail
        parts.node.lies.eth_gasPrice = fail
      },
      /^step.failed: The node answered with an error: down/,
    ],
    [
      'the node does not tell the balance',
      () => {
        raiseFees()
        parts.node.lies.eth_getBalance = fail
      },
      /^step.failed: The node answered with an error: down/,
    ],
  ])(
    '%s: the signed bytes are sent again, and it is reported',
    async (_, strike, told) => {
      const hash = await send()
      parts.node.evict()
      parts.pass(61_000)
      strike()
      expect(await textsOf()).toEqual([expect.stringMatching(told)])
      expect(parts.node.isKnown(hash)).toBe(true)
      const { problem } = await parts.newSender().get({ idempotencyKey: 'one' })
      expect(`step.failed: ${problem}`).toMatch(told)
    },
  )

  test('does not hide the first failure', async () => {
    await send()
    parts.node.evict()
    parts.pass(61_000)
    raiseFees()
    isKmsDown = true
    parts.node.lies.eth_sendRawTransaction = fail
    expect(await textsOf()).toEqual([
      expect.stringMatching(/KMS at kms did not answer/),
    ])
  })

  test('of a cancel: the cancel is sent again', async () => {
    await send()
    const sender = parts.newSender({ key })
    const { cancelHash } = await sender.cancel({ idempotencyKey: 'one' })
    parts.node.evict()
    parts.pass(61_000)
    raiseFees()
    isKmsDown = true
    await run()
    expect(parts.node.isKnown(cancelHash as Hex)).toBe(true)
  })

  test('a transaction to be cancelled is not sent again', async () => {
    const hash = await send({ validUntil: parts.runtime.now() + 10_000 })
    parts.node.evict()
    parts.pass(61_000)
    isKmsDown = true
    expect(await textsOf()).toEqual([
      expect.stringMatching(/KMS at kms did not answer/),
    ])
    expect(parts.node.isKnown(hash)).toBe(false)
    isKmsDown = false
    expect((await run()).counts.cancelled).toBe(1)
  })
})
