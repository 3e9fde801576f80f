import { AwsError } from '../../protocol/Service.js'
import type { Operation } from '../DynamoContext.js'
import { newRevision } from '../newRevision.js'
import * as TablePolicy from '../TablePolicy.js'
import { assertRevision, findPolicy, resourceArn } from '../tablePolicies.js'

export const PutResourcePolicy: Operation = {
  members: {
    ResourceArn: resourceArn,
    Policy: { type: 'String', notNull: true },
    ExpectedRevisionId: {
      type: 'String',
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: 255,
    },
    ConfirmRemoveSelfResourceAccess: { type: 'Boolean' },
  },
  isExclusive: true,
  async run(context, input, principal) {
    const resource = String(input.ResourceArn)
    const { name, policy } = findPolicy(context, resource)
    const document = TablePolicy.canonicalize(String(input.Policy))
    assertRevision(name, policy, input.ExpectedRevisionId)
    if (policy?.document === document) return { RevisionId: policy.revisionId }
    if (input.ConfirmRemoveSelfResourceAccess !== true)
      try {
        const action = 'dynamodb:PutResourcePolicy'
        const resourcePolicy = document
        context.authorize({ principal, action, resource, resourcePolicy })
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        throw new AwsError(
          'AccessDeniedException',
          'The new resource policy will not allow you to update the resource policy in the future.',
        )
      }
    const revisionId = newRevision(context, policy?.revisionId)
    context.settings.change(name, { policy: { document, revisionId } })
    return { RevisionId: revisionId }
  },
}
