import type { Principal } from '@keyward/iam/policy'

/** An access key that the home knows, with its owner. */
export type Credential = {
  accessKeyId: string
  secretAccessKey: string
  /** Set for temporary credentials. Requests must then include this token. */
  sessionToken?: string
  /** When temporary credentials expire, in milliseconds since 1970. */
  expiresAt?: number
  principal: Principal
}

export type FindCredential = (accessKeyId: string) => Credential | undefined
