import { createQueryService } from '../protocol/awsQuery.js'
import type { Service } from '../protocol/Service.js'
import { AssumeRole } from './operations/AssumeRole.js'
import { GetCallerIdentity } from './operations/GetCallerIdentity.js'
import type { StsContext } from './StsContext.js'

/** AWS STS: who one is, and credentials of the roles that trust one. */
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
