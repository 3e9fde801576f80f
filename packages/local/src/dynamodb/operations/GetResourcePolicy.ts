import type { Operation } from '../DynamoContext.js'
import { policyNotFound } from '../errors.js'
import { findPolicy, resourceArn } from '../tablePolicies.js'

export const GetResourcePolicy: Operation = {
  members: { ResourceArn: resourceArn },
  async run(context, input) {
    const { policy } = findPolicy(context, String(input.ResourceArn))
    if (!policy) throw policyNotFound(String(input.ResourceArn))
    return { Policy: policy.document, RevisionId: policy.revisionId }
  },
}
