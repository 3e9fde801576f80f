import type { Authorize } from '../iam/Authorize.js'
import type { CredentialStore } from '../iam/createCredentialStore.js'

/** What the operations work on. */
export type StsContext = {
  accountId: string
  authorize: Authorize
  /** Whom a role trusts, as a policy document; undefined for no role. */
  trustPolicyOf(roleArn: string): object | undefined
  assumeRole: CredentialStore['issue']
}
