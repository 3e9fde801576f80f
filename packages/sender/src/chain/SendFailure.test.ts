import { readFileSync } from 'node:fs'
import { RpcRefusedError, RpcTimeoutError } from '@keyward/core/rpc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toWords } from './failureWords.js'
import {
  classify,
  classifySurely,
  createReader,
  isBusy,
} from './SendFailure.js'
import { sendFailures } from './sendFailures.js'

type Vector = { class: string; client: string; message: string }

const read = (name: string) =>
  JSON.parse(
    readFileSync(
      new URL(`../../../../test/vectors/${name}.json`, import.meta.url),
      'utf8',
    ),
  )
const vectors: Vector[] = read('node-errors')
/** What endpoints say of themselves, in words that nodes use of transactions. */
const troubles: string[] = read('node-troubles')

const refusal = (message: string, code = -32000) =>
  new RpcRefusedError('https://x', 'eth_sendRawTransaction', {
    code,
    message,
    data: undefined,
  })

test('every known text of a node', () => {
  const wrong = vectors.filter(
    (one) => classify(refusal(one.message)) !== one.class,
  )
  expect(wrong).toEqual([])
  expect(vectors.length).toBeGreaterThan(1250)
})

describe('the table', () => {
  const readText = createReader(sendFailures)

  test('has each text in one class only, and only once', () => {
    const marked = (text: string) =>
      `${/^[=~]|\$$/.exec(text)?.[0] ?? ''}${toWords(text).join('')}`
    const texts = sendFailures.flatMap((one) => one.texts.map(marked))
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([])
  })

  test('gives each of its texts its own class', () => {
    for (const { class: name, texts } of sendFailures)
      for (const text of texts) {
        const own =
          name === 'nonce-mismatch'
            ? ['nonce-too-low', 'nonce-too-high']
            : [name]
        // Words that count in any order may be a text that counts in this one.
        if (text.startsWith('~')) continue
        const found = readText(
          /=|\$/.test(text) ? text.replace(/[=$]/, '') : `Oh: ${text} Oh`,
        )
        expect(`${text}: ${own.includes(found) ? own : found}`).toBe(
          `${text}: ${own}`,
        )
      }
  })

  test('means the same in any order', () => {
    const messages = [
      ...vectors.map((one) => one.message),
      // Several texts of several classes in one message.
      'already known, nonce too low, underpriced, pool is full',
    ]
    const expected = messages.map((message) => readText(message))
    const anyOrder = fc
      .shuffledSubarray(
        sendFailures.flatMap(({ class: name, texts }) =>
          texts.map((text) => ({ class: name, texts: [text] })),
        ),
        { minLength: sendFailures.flatMap(({ texts }) => texts).length },
      )
      .map((table) => createReader(table))
    fc.assert(
      fc.property(anyOrder, (permuted) => {
        expect(messages.map((message) => permuted(message))).toEqual(expected)
      }),
      { numRuns: 4 },
    )
  })

  test('ignores case, punctuation, numbers and how words are joined', () => {
    for (const message of [
      'gas price too low: 1 wei, use at least tx.gasPrice = 2 wei',
      'GAS_PRICE_TOO_LOW',
      'GasPriceTooLow',
      'gas price 0x12 too low',
      'gasprice too low',
      'rejected:\\ngas price too low',
    ])
      expect(readText(message)).toBe('fee-too-low')
  })

  test('matches whole words only', () => {
    expect(readText('unknown transaction')).toBe('other')
    expect(readText('nonce too lowered')).toBe('other')
    expect(readText('determined')).toBe('other')
    expect(readText('it was mined')).toBe('other')
  })
})

test('single words end no request before anything is signed', () => {
  const vague = 'balance of the pool of workers is low'
  expect(classify(refusal(vague))).toBe('insufficient-funds')
  expect(classifySurely(refusal(vague))).toBe('other')
  expect(classifySurely(refusal('insufficient funds for transfer'))).toBe(
    'insufficient-funds',
  )
})

test('polite words count only if nothing else matches', () => {
  for (const tail of ['please retry', 'try again later', 'retry later']) {
    expect(classify(refusal(`transaction underpriced, ${tail}`))).toBe(
      'fee-too-low',
    )
    expect(classify(refusal(`old nonce, ${tail}`))).toBe('nonce-too-low')
    expect(classify(refusal(`some trouble, ${tail}`))).toBe('service')
  }
})

test('a text about an endpoint or our plan ends no payment', () => {
  expect(troubles.length).toBeGreaterThan(100)
  for (const message of [
    ...troubles,
    'signature verification failed: jwt',
    'gas limit exceeds the maximum of your plan',
    'Private transactions are not supported for this API key',
    'size limit exceeded: too many requests',
    'fee too high for this API key',
    'sender queue overflow',
    'blob store unreachable',
    'not enough gas left in block',
    'Block gas limit reached, wait for the next block',
  ])
    expect(`${message}: ${classify(refusal(message))}`).toMatch(
      /: (?:other|service|pool-full|rate-limited)$/,
    )
})

test('single words alone end no payment', () => {
  for (const { class: name, texts } of sendFailures)
    if (name === 'never' || name === 'exceeds-node-cap')
      expect(texts.filter((text) => text.startsWith('~'))).toEqual([])
})

test('a text of any length and kind is read quickly', () => {
  const parts = ['a', ' ', 'A', '_', '<', "'s", 'nonce ', 'fee low ', '\\u0000']
  const start = performance.now()
  for (const part of parts) classify(refusal(part.repeat(5000)))
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      expect(classify(refusal(text))).toBeDefined()
    }),
  )
  expect(performance.now() - start).toBeLessThan(2000)
})

test('a node that fails on a request is not busy for others', () => {
  const message = 'Internal error'
  expect(classify(refusal(message))).toBe('service')
  expect(isBusy(refusal(message))).toBe(false)
  expect(isBusy(refusal('Bad Gateway'))).toBe(true)
  expect(isBusy(refusal('daily limit reached'))).toBe(true)
  expect(isBusy(refusal('txpool is full'))).toBe(false)
  expect(isBusy(refusal('txpool is full', -32005))).toBe(true)
})

test("a contract's words are not the node's", () => {
  for (const words of ['already known', 'nonce too low', 'rate limit exceeded'])
    expect(classify(refusal(`execution reverted: ${words}`, 3))).toBe('never')
})

test('a missing method says nothing about the transaction', () => {
  expect(classify(refusal('gas limit too high', -32601))).toBe('other')
  const text = 'the method eth_sendRawTransaction is not supported'
  expect(classify(refusal(text, -32004))).toBe('other')
})

test('a limit is recognised by its code, unless the text says more', () => {
  for (const code of [429, -32005, -32029, -32016])
    expect(classify(refusal('limit', code))).toBe('rate-limited')
  expect(classify(refusal('limit'))).toBe('other')
  expect(classify(refusal('txpool is full', -32005))).toBe('pool-full')
  expect(classify(refusal('already known', -32005))).toBe('already-known')
})

test('an unexpected nonce is classified by the numbers', () => {
  const nonce = (text: string) => classify(refusal(text))
  expect(nonce('invalid nonce; got 5, expected 6')).toBe('nonce-too-low')
  expect(nonce('invalid nonce; got 7, expected 6')).toBe('nonce-too-high')
  expect(nonce('invalid nonce')).toBe('nonce-too-low')
  expect(nonce('invalid nonce: nonce too high')).toBe('nonce-too-high')
  expect(nonce('ERR_INCORRECT_NONCE: ac: 5, tx: 8')).toBe('nonce-too-high')
  expect(nonce('ERR_INCORRECT_NONCE: ac: 8, tx: 5')).toBe('nonce-too-low')
})

test('no answer is not a refusal', () => {
  expect(classify(new RpcTimeoutError('https://x', 5))).toBe(undefined)
})
