import type * as Fields from './Fields.js'
import type * as Problems from './Problems.js'
import * as Quantity from './Quantity.js'
import * as Quote from './Quote.js'

/**
 * Reads both EIP-1559 fees, in wei per gas. Both are required, and the priority
 * fee must not exceed the maximum.
 *
 * @param names - The field names: viem's or the functions'.
 */
export function read(
  fields: Fields.Fields,
  problems: Problems.Problems,
  names: { max: string; priority: string },
): {
  maxFeePerGas: bigint | undefined
  maxPriorityFeePerGas: bigint | undefined
} {
  const maxFeePerGas = fields.required(names.max, Quantity.uint256)
  const maxPriorityFeePerGas = fields.required(names.priority, Quantity.uint256)
  if (
    maxFeePerGas !== undefined &&
    maxPriorityFeePerGas !== undefined &&
    maxPriorityFeePerGas > maxFeePerGas
  )
    problems.wrong(
      names.priority,
      maxPriorityFeePerGas,
      `at most ${names.max} (${Quote.value(maxFeePerGas)})`,
    )
  return { maxFeePerGas, maxPriorityFeePerGas }
}
