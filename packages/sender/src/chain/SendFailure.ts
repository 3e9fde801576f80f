import { RpcRefusedError } from '@keyward/core/rpc'
import { compareNonces } from './compareNonces.js'
import { hasWords, toEdges, toStem, toWords } from './failureWords.js'
import {
  endpointWords,
  type FailureText,
  limitCodes,
  sendFailures,
} from './sendFailures.js'

/** Why a node refused a transaction; see `sendFailures.ts` for the rules. */
export type SendFailure = Exclude<
  FailureText['class'],
  'fault' | 'nonce-mismatch'
>

const noMethod = -32601

// Created at the first refusal, because most processes never see a refusal.
let readReason: ReturnType<typeof createReader> | undefined
let readWhole: ReturnType<typeof createReader> | undefined

/**
 * Undefined if the error is not a refusal: the transaction may have arrived.
 */
export function classify(error: unknown): SendFailure | undefined {
  if (!(error instanceof RpcRefusedError)) return undefined
  return toFailure(read(error))
}

/**
 * Like {@link classify}, but matches only whole texts, not single words. Used
 * when the result ends a request before anything is signed.
 */
export function classifySurely(error: unknown): SendFailure | undefined {
  if (!(error instanceof RpcRefusedError)) return undefined
  if (error.rpcCode === noMethod) return 'other'
  readWhole ??= createReader(
    sendFailures.map(({ class: name, texts }) => ({
      class: name,
      texts: texts.filter((text) => !text.startsWith('~')),
    })),
  )
  return toFailure(readWhole(error.reason))
}

/** Like {@link classify}, for a node's text. */
export function classifyText(reason: string): SendFailure {
  return toFailure(readText(reason))
}

/**
 * Whether the refusal is about the endpoint's current state, in which case
 * another endpoint may accept the transaction.
 */
export function isBusy(error: RpcRefusedError): boolean {
  const found = read(error)
  // If the error has a limit code, a full pool is also specific to the
  // endpoint.
  if (found === 'pool-full') return limitCodes.includes(error.rpcCode)
  return found === 'rate-limited' || found === 'service'
}

type Found = Exclude<FailureText['class'], 'nonce-mismatch'>

/** A node that fails on one request may work for all others. */
function toFailure(found: Found): SendFailure {
  return found === 'fault' ? 'service' : found
}

function read({ reason, rpcCode }: RpcRefusedError): Found {
  // The method doesn't exist, whatever the text says.
  if (rpcCode === noMethod) return 'other'
  const found = readText(reason)
  if (found !== 'other' && found !== 'fault') return found
  return limitCodes.includes(rpcCode) ? 'rate-limited' : found
}

function readText(reason: string): Found {
  readReason ??= createReader(sendFailures)
  return readReason(reason)
}

/**
 * Creates a reader for a table of texts; `classify` uses one for the nodes'
 * table.
 */
export function createReader(
  table: readonly FailureText[],
): (reason: string) => Found {
  const all = table.flatMap(({ class: name, texts }) =>
    texts.map((text) => {
      const words = toWords(text)
      const letters = words.join('')
      const stems = words.map(toStem)
      return { name, mark: /^[=~]|\$$/.exec(text)?.[0], letters, stems }
    }),
  )
  // If the lengths are equal, alphabetical order decides, not the table's
  // order.
  all.sort(
    (a, b) =>
      b.letters.length - a.letters.length ||
      Number(isAnchored(b)) - Number(isAnchored(a)) ||
      (a.letters < b.letters ? -1 : 1),
  )
  const texts = all.filter(({ mark }) => mark !== '~')
  const loose = all.filter(({ mark }) => mark === '~')
  return (reason) => {
    const own = withoutContract(reason)
    const words = toWords(own)
    const letters = words.join('')
    const edges = toEdges(words)
    const isForeign = words.some((word) => endpointWords.includes(word))
    const found = texts.find(({ name, letters: text, mark }) => {
      if (isForeign && isGivenUp(name)) return false
      if (mark === '=') return text === letters
      if (mark === '$')
        return letters.endsWith(text) && edges.has(letters.length - text.length)
      return hasWords(letters, edges, text)
    })
    if (found !== undefined) return decide(found.name, own)
    const compared = compareNonces(own)
    if (compared !== undefined) return compared
    const stems = new Set(words.map(toStem))
    const guess = loose.find((one) =>
      one.stems.every((stem) => stems.has(stem)),
    )
    return guess === undefined ? 'other' : decide(guess.name, own)
  }
}

function isAnchored({ mark }: { mark: string | undefined }): boolean {
  return mark === '=' || mark === '$'
}

/**
 * These classes end a payment, so the text must clearly refer to the
 * transaction.
 */
function isGivenUp(name: FailureText['class']): boolean {
  return name === 'never' || name === 'exceeds-node-cap'
}

function decide(name: FailureText['class'], reason: string): Found {
  if (name !== 'nonce-mismatch') return name
  return compareNonces(reason) ?? 'nonce-too-low'
}

/** A contract can revert with any text. */
function withoutContract(reason: string): string {
  const revert =
    /\b(?:execution|transaction|call) reverted\b|\bvm exception while processing transaction: revert(?:ed)?\b/i.exec(
      reason,
    )
  if (revert === null) return reason
  const end = revert.index + revert[0].length
  return `${reason.slice(0, end)} execution reverted`
}
