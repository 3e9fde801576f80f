import type { StackState } from '../template/StackState.js'
import type { StackStatus } from '../template/StackStatus.js'
import { cannotUpdate, validation } from './errors.js'

const updatable: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
]

/**
 * @throws AwsError ValidationError while another operation on the stack is
 * running
 */
export function assertUpdatable({ id, status }: StackState): void {
  if (!updatable.includes(status)) throw cannotUpdate(id, status)
}

/** @throws AwsError ValidationError */
export function assertStackName(name: string): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw validation(
      `1 validation error detected: Value '${name.slice(0, 80)}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    )
}
