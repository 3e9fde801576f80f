/** Phrases that compare two nonces, as {@link toPlain} leaves them. */
const relation =
  /\b(?:(lower|less|smaller|older) than|(below|behind|under)|(?:higher|greater|larger|bigger|newer|more) than|above|ahead of|beyond|over|exceed(?:s|ed|ing)?)\b/g

/** Names for the transaction's nonce. */
const ours =
  /\b(?:actual|given|got|incoming|its?|message|msg|provided|received|request|rejected|signed|submitted|supplied|transactions?|tx|your)\b/g
/** Names for the account's nonce on the chain. */
const theirs =
  /\b(?:account|accounts|committed|confirmed|current|database|db|expect(?:ed|s)?|last|latest|(?:chain|local|network|pool) nonce|next|onchain|pending|sender|senders|state|stored)\b/g

const nonce = /\b(?:nonces?|sequence)\b/
/** Words which show that something other than nonces is compared. */
const others = /\b(?:balance|cost|fees?|gas|price|size|tip|value)\b/

/** Maximum number of words on either side that belong to the comparison. */
const near = 7
/** Maximum length of those words together. */
const nearLength = 120

/**
 * Determines which of two nonces a refusal calls larger: "the nonce is below
 * that of the account", "account nonce 7 > tx nonce 5", "got 5, expected 7",
 * "must be above the last nonce".
 *
 * @param reason - The node's text.
 * @returns undefined if the text compares no nonces
 */
export function compareNonces(
  reason: string,
): 'nonce-too-low' | 'nonce-too-high' | undefined {
  const text = toPlain(reason)
  if (!nonce.test(text)) return undefined
  return byWords(text) ?? byNumbers(text) ?? byHint(text)
}

/** Converts to lower case, with words instead of signs. */
function toPlain(reason: string): string {
  return reason
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\bon-chain\b/g, 'onchain')
    .replace(/\\[bfnrt]/g, ' ')
    .replace(/</g, ' lower than ')
    .replace(/>/g, ' higher than ')
    .replace(/[^a-z0-9]+/g, ' ')
}

function byWords(text: string) {
  for (const found of text.matchAll(relation)) {
    const [start, end] = [found.index, found.index + found[0].length]
    const before = text.slice(Math.max(0, start - nearLength), start)
    const after = text.slice(end, end + nearLength)
    const left = before.trim().split(' ').slice(-near)
    const right = after.trim().split(' ').slice(0, near)
    const [subject, object] = [left.join(' '), right.join(' ')]
    if (!nonce.test(subject) && !nonce.test(object)) continue
    if (others.test(subject)) continue
    const isLower = found[1] !== undefined || found[2] !== undefined
    // A statement about the account's nonce is reversed to apply to ours.
    const isTurned =
      count(subject, ours) -
        count(subject, theirs) +
        count(object, theirs) -
        count(object, ours) <
      0
    // A demand or a negation reverses the statement: the nonce is not as it
    // must be.
    const demands =
      count(subject, /\b(?:must|should|shall|needs?|has to|required)\b/g) +
      count(subject, /\b(?:not|isn t|aren t)\b/g)
    const isOdd = demands % 2 === 1
    return isLower !== (isTurned !== isOdd) ? 'nonce-too-low' : 'nonce-too-high'
  }
  return undefined
}

/**
 * Matches `got 5, expected 6`, in either order, or
 * `account has ... tx has ...`.
 */
function byNumbers(text: string) {
  if (others.test(text)) return undefined
  const came = find(
    text,
    /\b(?:got|actual|found|given|have|provided|received|submitted|supplied|tx has|tx|transaction|message)(?: nonce)?(?: of| is| was)? (\d{1,20})\b/,
  )
  const next = find(
    text,
    /\b(?:expected|expecting|expects|want|wanted|current|next|latest|onchain|required|sender|account has|account|ac|state|at least|be)(?: account)?(?: nonce)?(?: of| is)?(?: to be)? (\d{1,20})\b/,
  )
  // A single number is the transaction's: "nonce 5, expected 7".
  const bare = came ?? find(text, /\b(?:nonce|sequence) (\d{1,20})\b/)
  if (bare === undefined || next === undefined || bare === next)
    return undefined
  return bare > next ? 'nonce-too-high' : 'nonce-too-low'
}

function byHint(text: string) {
  return /\b(?:too (?:high|big|large|far|distant)|gap|gapped|future|ahead)\b/.test(
    text,
  )
    ? 'nonce-too-high'
    : undefined
}

function find(text: string, pattern: RegExp): bigint | undefined {
  const digits = pattern.exec(text)?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
