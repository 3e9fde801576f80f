import type { Authorize } from '../iam/Authorize.js'
import type { CredentialStore } from '../iam/createCredentialStore.js'

/** The context of the operations. */
export type StsContext = {
  accountId: string
  authorize: Authorize
  /** A role's trust policy; undefined if the role doesn't exist. */
  trustPolicyOf(roleArn: string): object | undefined
  assumeRole: CredentialStore['issue']
}
