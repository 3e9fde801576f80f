import { EtherAmount, type Parser, Problems, Quantity } from '@keyward/core'
import { InputError, quote } from '@keyward/core/errors'

const decimalsOf = { wei: 0, gwei: 9, ether: 18, eth: 18 } as const

/**
 * Parses `2gwei`, `0.1ether` or `100wei` as wei.
 *
 * @returns Undefined if there is no unit, because each flag has its own
 * default.
 * @throws InputError for fractions of a wei
 */
function toWei(text: string, name: string): bigint | undefined {
  const [, whole = '', fraction = '', unit = ''] =
    /^(0|[1-9]\d{0,77})(?:\.(\d{1,18}))? ?(wei|gwei|ether|eth)$/.exec(text) ??
    []
  if (unit === '') return undefined
  const decimals = decimalsOf[unit as keyof typeof decimalsOf]
  if (fraction.replace(/0+$/, '').length > decimals)
    throw new InputError(
      `${name} ${quote(text)} is not a whole number of wei.`,
      {
        details:
          decimals === 0
            ? 'Leave out the decimals, or use a larger unit, such as 2gwei.'
            : `Use at most ${decimals} decimals with ${unit}.`,
      },
    )
  const digits = fraction.slice(0, decimals).padEnd(decimals, '0')
  return BigInt(whole + digits)
}

/**
 * Converts an amount such as `2gwei` to wei for the event. Returns any other
 * text unchanged.
 */
export function parseWeiText(text: string, name: string): string {
  return String(toWei(text, name) ?? text)
}

/**
 * Converts an amount such as `100wei` to ether. Returns any other text
 * unchanged.
 */
export function parseEtherText(text: string, name: string): string {
  const wei = toWei(text, name)
  return wei === undefined ? text : EtherAmount.fromWei(wei)
}

/**
 * Parses a maximum price per unit of gas, in wei. @throws InvalidRequestError
 */
export function parseFee(text: string, name: string): bigint {
  const parse = Quantity.between(1n, 2n ** 256n - 1n)
  return parseField(parse, parseWeiText(text, name), name)
}

/** Parses ether as wei. @throws InvalidRequestError */
export function parseEther(text: string, name: string): bigint {
  return parseField(EtherAmount.parse, parseEtherText(text, name), name)
}

/** Parses with an event field's parser. @throws InvalidRequestError */
export function parseField<value>(
  parse: Parser<value>,
  text: string,
  name: string,
): value {
  const problems = Problems.create('command line')
  const value = parse(text, name, problems)
  problems.assertNone()
  // If there are no problems, the value has been read.
  return value as value
}
