import type { AuthorizationRequest } from '@keyward/iam/policy'

/** Returns when allowed, throws an `AwsError` AccessDeniedException if not. */
export type Authorize = (request: AuthorizationRequest) => void
