import type { Principal } from '@keyward/iam/policy'

/** An access key that the home knows, and its owner. */
export type Credential = {
  accessKeyId: string
  secretAccessKey: string
  /** Set for temporary credentials. Requests must then include it. */
  sessionToken?: string
  /** Milliseconds since 1970; temporary credentials only. */
  expiresAt?: number
  principal: Principal
}

export type FindCredential = (accessKeyId: string) => Credential | undefined
