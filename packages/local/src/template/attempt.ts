import { describeError, toReason } from './describeError.js'
import type { StackRun } from './StackRun.js'
import { locate } from './TemplateError.js'

/** Runs work on a resource, and adds the resource to any error. */
export async function attempt<value>(
  run: StackRun,
  resource: { logicalId: string; type: string; physicalId?: string },
  failed: string,
  work: () => Promise<value>,
): Promise<value> {
  try {
    return await work()
  } catch (error) {
    const { logicalId, type } = resource
    run.tell(resource, failed, { reason: toReason(error, type) })
    throw new ResourceFailure(logicalId, type, failed, error)
  }
}

/** A resource that couldn't be created or changed. */
export class ResourceFailure extends Error {
  override readonly name = 'ResourceFailure'
  readonly logicalId: string
  readonly verb: 'create' | 'update'

  constructor(logicalId: string, type: string, failed: string, cause: unknown) {
    super(locate(`${logicalId} (${type})`, describeError(cause)), { cause })
    this.logicalId = logicalId
    this.verb = failed.startsWith('CREATE') ? 'create' : 'update'
  }
}
