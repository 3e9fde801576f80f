import type { Target } from '../aws/Target.js'
import { type Io, note } from '../Io.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { readStack, type Stack } from '../stack/readStack.js'
import { StackStuckError } from '../stack/StackStuckError.js'
import { followStack, isEnd, markEvents } from './followStack.js'

/**
 * Reads a stack once nothing happens to it any more: another person's
 * deployment, or one of ours whose command line was killed, is followed to its
 * end first.
 *
 * @returns Undefined when there is no such stack.
 */
export async function waitForOthers(
  io: Io,
  client: CloudFormation,
  target: Target,
  name: string,
): Promise<Stack | undefined> {
  for (;;) {
    // What has been is marked before the state is read, so that an end
    // between the two is seen in one of them.
    const first = await readStack(client, name)
    if (first === undefined) return undefined
    const before = await markEvents(client, first.id)
    const stack = await readStack(client, first.id)
    if (stack === undefined || stack.status === 'DELETE_COMPLETE')
      return undefined
    if (isEnd(stack.status)) return stack
    note(io, `${name} is in ${stack.status}: waiting until it is done.`)
    await followStack(io, client, target, stack.id, before)
  }
}

/** @throws StackStuckError when no update can begin. */
export function assertDeployable(stack: Stack | undefined): void {
  if (stack !== undefined && StackStuckError.applies(stack.status))
    throw new StackStuckError(stack.name, stack.status, stack.statusReason)
}
