import type { AuthorizationRequest } from '@keyward/iam/policy'

/** Returns if allowed; otherwise throws an `AwsError` AccessDeniedException. */
export type Authorize = (request: AuthorizationRequest) => void
