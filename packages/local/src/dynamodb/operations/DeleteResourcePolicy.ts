import type { Operation } from '../DynamoContext.js'
import { assertRevision, findPolicy, resourceArn } from '../tablePolicies.js'

export const DeleteResourcePolicy: Operation = {
  members: {
    ResourceArn: resourceArn,
    ExpectedRevisionId: {
      type: 'String',
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: 255,
    },
  },
  isExclusive: true,
  async run(context, input) {
    const { name, policy } = findPolicy(context, String(input.ResourceArn))
    assertRevision(name, policy, input.ExpectedRevisionId)
    if (!policy) return {}
    context.settings.change(name, { policy: undefined })
    return { RevisionId: policy.revisionId }
  },
}
