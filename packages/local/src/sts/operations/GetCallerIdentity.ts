import { toUserId } from '@keyward/iam/policy'
import type { QueryOperation } from '../../protocol/awsQuery.js'
import type { StsContext } from '../StsContext.js'

/** This needs no permission, and no policy can deny it. */
export const GetCallerIdentity: QueryOperation<StsContext> = (
  _context,
  _input,
  { principal },
) => ({
  Arn: principal.arn,
  UserId: toUserId(principal),
  Account: principal.account,
})
