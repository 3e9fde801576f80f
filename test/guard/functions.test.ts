import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyMessage, verifyTypedData } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  openSendingStack,
  type SendingStack,
} from '../support/openSendingStack.js'

// A stack with a policy, in a home and on a chain of its own: its functions sign
// what the policy allows and nothing else. The tests go on from each other.

const payee = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const thief = `0x${'bd'.repeat(20)}`
const policy = JSON.stringify({
  version: 1,
  groups: { payees: [{ address: payee, name: 'ACME' }] },
  rules: [
    {
      id: 'pay',
      callers: ['payouts'],
      chains: [31337],
      payment: {},
      recipients: ['payees'],
      maxPerRequest: { native: '1000' },
      fee: { maxFee: '10000000000000000' },
    },
    {
      id: 'greet',
      callers: ['payouts'],
      message: { kinds: ['text'], texts: ['Hello'] },
    },
    {
      id: 'permit',
      callers: ['payouts'],
      chains: [31337],
      typedData: { kinds: ['Mail'], spends: 'unknown' },
    },
  ],
  types: { Mail: 'Mail(string text)' },
})
const sha256 = createHash('sha256').update(policy).digest('hex')

const folder = mkdtempSync(join(tmpdir(), 'keyward guard '))
const file = join(folder, 'policy.json')
writeFileSync(file, policy)

let stack: SendingStack
beforeAll(async () => {
  stack = await openSendingStack({ policy: file, signers: 'true' })
}, 120_000)
afterAll(async () => {
  await stack?.close()
  rmSync(folder, { recursive: true })
})

const send = (key: string, to: string, value = '1') =>
  stack.invoke('treasury-sender:payouts', {
    ...{ operation: 'send', idempotency_key: key },
    ...{ dst_address: to, value_wei: value },
  })
const list = () =>
  stack.invoke('treasury-sender:payouts', { operation: 'list' })

describe('the sender', () => {
  test('sends what the policy allows', async () => {
    const answer = await send('rent', payee, '1000')
    expect(answer).toMatchObject({ status: 'sent' })
  })

  test.each([
    ['to a stranger', thief, '1', 'recipients'],
    ['of too much', payee, '1001', 'maxPerRequest.native'],
  ])('refuses a payment %s, and accepts nothing', async (_, to, value, why) => {
    const answer = await send(why, to, value)
    expect(answer).toMatchObject({ errorType: 'NotAuthorizedError' })
    expect(answer.errorMessage).toContain(`rules[pay].${why}`)
    const { transactions } = await list()
    expect(transactions).toHaveLength(1)
  })

  test('says why in words that name the payee', async () => {
    const { errorMessage } = await send('words', payee, '2000')
    expect(errorMessage).toContain('to 0x7099...79C8 (ACME)')
  })

  test('logs each decision with the policy, and no payee and no amount', () => {
    const decided = stack.lines.filter((line) => line.includes('"decided"'))
    expect(decided.length).toBeGreaterThan(2)
    for (const line of decided) {
      expect(line).toContain(`"policy":"${sha256.slice(0, 16)}"`)
      expect(line).not.toContain(payee)
    }
    expect(decided.join()).toContain('"decision":"deny"')
  })
})

describe('the signers', () => {
  const sign = (to: string) =>
    stack.invoke('treasury-eip1559-signer:payouts', {
      ...{ operation: 'sign', dst_address: to, value_wei: '1' },
      ...{ nonce: 7, gas: 21000 },
      ...{ max_fee_per_gas: '1000000000', max_priority_fee_per_gas: '1' },
    })

  test('sign what the policy allows, and nothing else', async () => {
    expect(await sign(payee)).toMatchObject({
      signed_tx_payload: expect.stringMatching(/^0x02/),
    })
    expect(await sign(thief)).toMatchObject({
      errorType: 'NotAuthorizedError',
      errorMessage: expect.stringContaining('rules[pay].recipients'),
    })
  })

  test('tell the policy in their status', async () => {
    const status = await stack.invoke('treasury-eip1559-signer:status', {
      operation: 'status',
    })
    expect(status).toMatchObject({
      ...{ policy_sha256: sha256, policy_name: 'policy' },
      policy_mode: 'enforce',
      policy_problem: null,
    })
  })
})

describe('the message signer', () => {
  const ask = (event: object) =>
    stack.invoke('treasury-message-signer:payouts', event)

  test('signs the text that the policy allows, as others verify it', async () => {
    const answer = await ask({ operation: 'sign_message', message: 'Hello' })
    expect(answer.from).toBe(stack.address)
    expect(
      await verifyMessage({
        ...{ address: answer.from, message: 'Hello' },
        signature: answer.signature,
      }),
    ).toBe(true)
    expect(
      await ask({ operation: 'sign_message', message: 'Hello ' }),
    ).toMatchObject({ errorType: 'NotAuthorizedError' })
  })

  test('signs the typed data that the policy allows, on its own chain only', async () => {
    const typedData = (chainId: number) => ({
      types: { Mail: [{ name: 'text', type: 'string' }] },
      primaryType: 'Mail' as const,
      domain: { chainId, verifyingContract: payee as `0x${string}` },
      message: { text: 'Hi' },
    })
    const sign = (chainId: number) =>
      ask({ operation: 'sign_typed_data', typed_data: typedData(chainId) })
    const answer = await sign(31337)
    expect(answer).toHaveProperty('signature')
    const { signature, from } = answer
    const signed = { ...typedData(31337), address: from, signature }
    expect(await verifyTypedData(signed)).toBe(true)
    expect(await sign(1)).toMatchObject({ errorType: 'NotAuthorizedError' })
  })

  test('gives no account away that the policy does not name', async () => {
    const authorization = { address: payee, nonce: 0 }
    expect(
      await ask({ operation: 'sign_authorization', ...authorization }),
    ).toMatchObject({ errorType: 'NotAuthorizedError' })
  })

  test.each([
    ['nothing', {}, 'operation: is missing'],
    ['a transaction', { operation: 'sign' }, '"sign_message"'],
    ['no message', { operation: 'sign_message' }, 'message: is missing'],
    [
      'two messages',
      { operation: 'sign_message', message: 'a', message_hex: '0x' },
      "can't be combined with message_hex",
    ],
    ['no typed data', { operation: 'sign_typed_data' }, 'typed data'],
    [
      'another chain',
      { operation: 'sign_authorization', address: payee, nonce: 0, chainid: 1 },
      '31337',
    ],
  ])('refuses %s', async (_, event, why) => {
    expect(await ask(event)).toMatchObject({
      errorType: 'InvalidRequestError',
      errorMessage: expect.stringContaining(why),
    })
  })
})
