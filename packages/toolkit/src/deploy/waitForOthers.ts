import type { Target } from '../aws/Target.js'
import { type Io, note } from '../Io.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { readStack, type Stack } from '../stack/readStack.js'
import { StackStuckError } from '../stack/StackStuckError.js'
import { followStack, isEnd, markEvents } from './followStack.js'

/**
 * Reads a stack once it is idle. If a deployment is running, this first follows
 * it to its end. It may be someone else's, or our own if its command was
 * killed.
 *
 * @returns Undefined if there is no such stack.
 */
export async function waitForOthers(
  io: Io,
  client: CloudFormation,
  target: Target,
  name: string,
): Promise<Stack | undefined> {
  for (;;) {
    // Events are marked as seen before the state is read, so that an operation
    // that ends between the two reads isn't missed.
    const first = await readStack(client, name)
    if (first === undefined) return undefined
    const before = await markEvents(client, first.id)
    const stack = await readStack(client, first.id)
    if (stack === undefined || stack.status === 'DELETE_COMPLETE')
      return undefined
    if (isEnd(stack.status)) return stack
    note(io, `${name} is in ${stack.status}: waiting for the operation to end.`)
    await followStack(io, client, target, stack.id, before)
  }
}

/** @throws StackStuckError if no update can begin */
export function assertDeployable(stack: Stack | undefined): void {
  if (stack !== undefined && StackStuckError.applies(stack.status))
    throw new StackStuckError(stack.name, stack.status, stack.statusReason)
}
