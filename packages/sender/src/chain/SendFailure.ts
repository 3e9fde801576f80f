import { RpcRefusedError } from '@keyward/core/rpc'
import { type FailureText, limitCodes, sendFailures } from './sendFailures.js'

/** Why a node did not take a transaction; `sendFailures.ts` has the rules. */
export type SendFailure = Exclude<FailureText['class'], 'nonce-mismatch'>

// Made at the first refusal, as most processes see none.
let classifyReason: ReturnType<typeof createClassifier> | undefined

/** Undefined when it was no refusal: then nobody knows whether it arrived. */
export function classify(error: unknown): SendFailure | undefined {
  if (!(error instanceof RpcRefusedError)) return undefined
  // Of a method that is not there, whatever the text says.
  if (error.rpcCode === -32601) return 'other'
  const found = classifyText(error.reason)
  if (found !== 'other') return found
  return limitCodes.includes(error.rpcCode) ? 'rate-limited' : 'other'
}

/** The same, of a node's words. */
export function classifyText(reason: string): SendFailure {
  classifyReason ??= createClassifier(sendFailures)
  return classifyReason(reason)
}

/** Reads texts by a table; `classify` has it ready for the table of the nodes. */
export function createClassifier(
  table: readonly FailureText[],
): (reason: string) => SendFailure {
  const texts = table
    .flatMap(({ class: name, texts }) =>
      texts.map((text) => ({
        name,
        isWhole: text.startsWith('='),
        letters: toWords(text).join(''),
      })),
    )
    // Of two equally long ones the alphabet decides, not the table's order.
    .sort(
      (a, b) =>
        b.letters.length - a.letters.length || (a.letters < b.letters ? -1 : 1),
    )
  return (reason) => {
    const own = withoutContract(reason)
    const words = toWords(own)
    const letters = words.join('')
    const edges = toEdges(words)
    const found = texts.find(({ letters: text, isWhole }) =>
      isWhole ? text === letters : hasWords(letters, edges, text),
    )
    if (found?.name === 'nonce-mismatch') return compareNonces(own)
    return found?.name ?? 'other'
  }
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

/** They say nothing: a nonce that "is too low" is "too low". */
const fillers = /^(?:an?|are|be|been|has|have|is|the|was|were)$/

/**
 * In lower case, without fillers and what begins with a digit: numbers and
 * hashes. Transactions have one name, and so have their pools.
 */
function toWords(text: string): string[] {
  return (
    text
      // A reason has escapes in place of line breaks and the like.
      .replace(/\\(?:u[0-9a-f]{4}|[bfnrt])/g, ' ')
      .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .replace(/\b(?:mem|tx) ?pool\b/g, 'transaction pool')
      .replace(/\b(?:transactions|txn?s?)\b/g, 'transaction')
      .split(' ')
      .filter((word) => /^[a-z]/.test(word) && !fillers.test(word))
  )
}

/** Where words begin and end once they are joined. */
function toEdges(words: readonly string[]): Set<number> {
  let at = 0
  return new Set([
    0,
    ...words.map((word) => {
      at += word.length
      return at
    }),
  ])
}

function hasWords(letters: string, edges: Set<number>, text: string): boolean {
  for (
    let at = letters.indexOf(text);
    at !== -1;
    at = letters.indexOf(text, at + 1)
  )
    if (edges.has(at) && edges.has(at + text.length)) return true
  return false
}

/** `got 5, expected 6`, in either order, or `account has ... tx has ...`. */
function compareNonces(reason: string): SendFailure {
  const number = (pattern: RegExp) => {
    const digits = pattern.exec(reason)?.[1]
    return digits === undefined ? undefined : BigInt(digits)
  }
  const ours = number(
    /\b(?:got|actual|provided|received|tx has|tx|transaction)(?: nonce)?(?: of)?:? (\d{1,20})\b/i,
  )
  const next = number(
    /\b(?:expected|want|wanted|current|next|account has|account|ac|state)(?: nonce)?(?: of)?(?: to be)?:? (\d{1,20})\b/i,
  )
  const isHigh =
    ours !== undefined && next !== undefined
      ? ours > next
      : /high|gap|future|ahead/i.test(reason)
  return isHigh ? 'nonce-too-high' : 'nonce-too-low'
}
