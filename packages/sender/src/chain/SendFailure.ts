import { RpcRefusedError } from '@keyward/core/rpc'
import { compareNonces } from './compareNonces.js'
import { hasWords, toEdges, toStem, toWords } from './failureWords.js'
import {
  endpointWords,
  type FailureText,
  limitCodes,
  sendFailures,
} from './sendFailures.js'

/** Why a node did not take a transaction; `sendFailures.ts` has the rules. */
export type SendFailure = Exclude<
  FailureText['class'],
  'fault' | 'nonce-mismatch'
>

const noMethod = -32601

// Made at the first refusal, as most processes see none.
let readReason: ReturnType<typeof createReader> | undefined
let readWhole: ReturnType<typeof createReader> | undefined

/** Undefined when it was no refusal: then nobody knows whether it arrived. */
export function classify(error: unknown): SendFailure | undefined {
  if (!(error instanceof RpcRefusedError)) return undefined
  return toFailure(read(error))
}

/**
 * As {@link classify}, by whole texts and not by single words: where a request
 * ends by it before anything is signed.
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

/** As {@link classify}, of a node's words. */
export function classifyText(reason: string): SendFailure {
  return toFailure(readText(reason))
}

/** Said of the endpoint at the moment; another one may serve. */
export function isBusy(error: RpcRefusedError): boolean {
  const found = read(error)
  // With a code of a limit, a full pool is the endpoint's own as well.
  if (found === 'pool-full') return limitCodes.includes(error.rpcCode)
  return found === 'rate-limited' || found === 'service'
}

type Found = Exclude<FailureText['class'], 'nonce-mismatch'>

/** A node that stumbles over a request may be well for all others. */
function toFailure(found: Found): SendFailure {
  return found === 'fault' ? 'service' : found
}

function read({ reason, rpcCode }: RpcRefusedError): Found {
  // Of a method that is not there, whatever the text says.
  if (rpcCode === noMethod) return 'other'
  const found = readText(reason)
  if (found !== 'other' && found !== 'fault') return found
  return limitCodes.includes(rpcCode) ? 'rate-limited' : found
}

function readText(reason: string): Found {
  readReason ??= createReader(sendFailures)
  return readReason(reason)
}

/** Reads texts by a table; `classify` has it ready for the table of the nodes. */
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
  // Of two equally long ones the alphabet decides, not the table's order.
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

/** A payment ends for it; so it has to be about the transaction beyond doubt. */
function isGivenUp(name: FailureText['class']): boolean {
  return name === 'never' || name === 'exceeds-node-cap'
}

function decide(name: FailureText['class'], reason: string): Found {
  if (name !== 'nonce-mismatch') return name
  return compareNonces(reason) ?? 'nonce-too-low'
}

/** What a contract reverts with is anybody's text. */
function withoutContract(reason: string): string {
  const revert =
    /\b(?:execution|transaction|call) reverted\b|\bvm exception while processing transaction: revert(?:ed)?\b/i.exec(
      reason,
    )
  if (revert === null) return reason
  const end = revert.index + revert[0].length
  return `${reason.slice(0, end)} execution reverted`
}
