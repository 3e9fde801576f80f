import { createQueryService } from '../protocol/awsQuery.js'
import type { Service } from '../protocol/Service.js'
import { AssumeRole } from './operations/AssumeRole.js'
import { GetCallerIdentity } from './operations/GetCallerIdentity.js'
import type { StsContext } from './StsContext.js'

/**
 * AWS STS, which returns the caller's identity, and credentials of roles that
 * trust the caller.
 */
export function createSts(context: StsContext): Service {
  return createQueryService({
    name: 'sts',
    maxBodyBytes: 1024 * 1024,
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    version: '2011-06-15',
    operations: { AssumeRole, GetCallerIdentity },
    context,
  })
}
