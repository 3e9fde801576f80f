import { retired, text } from './Input.js'
import { parseWeiText } from './parsers.js'

/**
 * The price of a unit of gas, with the same wording in every command that
 * sends.
 */
export const maxFeePerGas = text(
  '--max-fee-per-gas <wei>',
  'the highest price per unit of gas, such as 2gwei',
  parseWeiText,
)

/**
 * `--max-fee` used to be ether per transaction in one command and wei in
 * another.
 */
export const oldMaxFee = retired(
  '--max-fee <wei>',
  '--max-fee-per-gas, in wei or as 2gwei',
)

export const oldMaxPriorityFee = retired(
  '--max-priority-fee <wei>',
  '--max-priority-fee-per-gas, in wei or as 1gwei',
)
