import type { AwsConnection } from '../aws/connectAws.js'
import type { Parts } from './findParts.js'
import { StackMissingError } from './StackMissingError.js'
import * as Step from './Step.js'

/**
 * Leaves out the parts that were only looked up by name and don't exist.
 *
 * @throws StackMissingError if no part was found at all
 */
export function leaveOutAbsent(
  steps: readonly Step.Step[],
  { target }: Pick<AwsConnection, 'target'>,
  name: string,
  { stack }: Pick<Parts, 'stack'>,
): Step.Step[] {
  const left = steps.filter(Step.isThere)
  // A key that was found is listed with its id or ARN.
  const wasFound = ({ kind, part }: Step.Step) =>
    kind !== 'key' || !part.startsWith('alias/')
  if (stack === undefined && !left.some(wasFound))
    throw new StackMissingError(name, target, { hidden: true })
  return left
}
