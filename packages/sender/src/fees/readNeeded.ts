/** The fees that a pool requires, in wei per gas, if its refusal names them. */
export type Needed = {
  /** The priority fee. */
  tip?: bigint | undefined
  /** The gas price or the maximum fee. */
  price?: bigint | undefined
}

const amount = String.raw`'?(\d{1,30}(?:\.\d{1,9})?)(?: ?(gwei)\b)?`

const atLeast = '(?:at least|above|(?:greater|higher|more) than)'

const tips = [
  `gas tip cap [^,]{1,40}, minimum needed ${amount}`,
  `tip needed ${amount}`,
  `minimum required priority fee:? ${amount}`,
  `priority ?fee ?per ?gas too low \\d{1,30} < ${amount}`,
  `(?:priority ?fee(?: ?per ?gas)?|tip)[a-z ]{0,30} ${atLeast} ${amount}`,
  `minimum (?:priority ?fee|gas tip)(?: ?per ?gas)?(?: is| of)?:? ${amount}`,
]

const prices = [
  `tx\\.gasPrice = ${amount}`,
  `minimal: ${amount}`,
  `min(?:imum)? gas price(?: of)?:? ${amount}`,
  `less than the minimum value ${amount}`,
  `base ?fee(?: ?per ?gas)?(?: of|:) ${amount}`,
  `needs to be higher than ${amount}`,
  `(?:fee ?per ?gas|gas ?price|fee ?cap)[a-z ]{0,30} ${atLeast} ${amount}`,
  `gas prices lower than base fee, got: \\d+[a-z]* required: ${amount}`,
]

/** The total fee in the chain's own unit, of which only the ratio is used. */
const totals = [
  /\((\d{1,40})[a-z]* < (\d{1,40})[a-z]*\)/i,
  /got: (\d{1,40})[a-z]* required: (\d{1,40})[a-z]*/i,
]

const readers = {
  tip: tips.map((text) => new RegExp(text, 'i')),
  price: prices.map((text) => new RegExp(text, 'i')),
}

/**
 * Reads the figures in a fee refusal.
 *
 * @param reason - The node's text.
 * @param maxFeePerGas - The fee that was offered.
 */
export function readNeeded(reason: string, maxFeePerGas: bigint): Needed {
  const tip = find(readers.tip, reason)
  if (tip !== undefined) return { tip }
  const price = find(readers.price, reason)
  if (price !== undefined) return { price }
  for (const pattern of totals) {
    const [, came, wanted] = pattern.exec(reason) ?? []
    if (came === undefined || wanted === undefined) continue
    const [offered, least] = [BigInt(came), BigInt(wanted)]
    if (offered <= 0n || least <= offered) continue
    return { price: (maxFeePerGas * least + offered - 1n) / offered }
  }
  return {}
}

function find(patterns: readonly RegExp[], reason: string): bigint | undefined {
  for (const pattern of patterns) {
    const [, digits, unit] = pattern.exec(reason) ?? []
    if (digits === undefined) continue
    const wei = toWei(digits, unit)
    if (wei > 0n) return wei
  }
  return undefined
}

/** Converts an amount to wei. It is in wei, unless the text says gwei. */
function toWei(digits: string, unit: string | undefined): bigint {
  const [whole = '0', fraction = ''] = digits.split('.')
  if (unit === undefined) return BigInt(whole)
  return BigInt(whole + fraction.padEnd(9, '0'))
}
