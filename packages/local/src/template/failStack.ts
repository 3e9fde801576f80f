import { ResourceFailure } from './attempt.js'
import { describeError } from './describeError.js'
import { failedTo, rollBackCreation, rollBackUpdate } from './rollBack.js'
import { quote, StackError } from './StackError.js'
import type { StackRun } from './StackRun.js'

/** Ends a failed deployment and, if requested, undoes it. */
export async function failStack(
  run: StackRun,
  error: unknown,
  how: {
    isCreation: boolean
    onFailure: 'discard' | 'roll back' | 'keep'
  },
): Promise<StackError> {
  const { isCreation, onFailure } = how
  const { name } = run.state()
  const problems = [
    `The stack ${quote(name)} was not ${isCreation ? 'created' : 'changed'}: ${describeError(error)}`,
  ]
  const failed =
    error instanceof ResourceFailure
      ? failedTo(error.verb, [error.logicalId])
      : describeError(error)
  if (onFailure === 'keep') {
    run.enter(isCreation ? 'CREATE_FAILED' : 'UPDATE_FAILED', failed)
    return new StackError('stack-failed', problems, error)
  }
  run.say(`rolling back: ${describeError(error)}`)
  const failures = isCreation
    ? await rollBackCreation(run, {
        reason: `${failed.trimEnd()} Rollback requested by user.`,
        discardsAll: onFailure === 'discard',
      })
    : await rollBackUpdate(run, { reason: failed })
  for (const each of failures)
    problems.push(`The rollback also failed: ${each}`)
  if (isCreation && onFailure === 'discard' && failures.length === 0) {
    run.store.remove(name)
    run.store.events.remove(run.state().id)
  }
  return new StackError('stack-failed', problems, error)
}
