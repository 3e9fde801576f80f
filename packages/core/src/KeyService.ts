/** Limits on how long a caller waits for the key service. */
export type CallOptions = {
  /** When the caller stops waiting, in ms since 1970. @default never */
  deadline?: number | undefined
  /** Aborted when the answer is no longer wanted. */
  signal?: AbortSignal | undefined
}

/**
 * The service that stores a key. The lean client (`@keyward/core/kms`), an AWS
 * SDK client (`@keyward/core/sdk`) and the local home all satisfy it. Pass it
 * only to `SigningKey.connect` or `open`: any other call bypasses the policy.
 */
export type KeyService = {
  /** SubjectPublicKeyInfo, DER. */
  getPublicKey(
    keyId: string,
    options?: CallOptions,
  ): Promise<{
    spki: Uint8Array
    /** The service's own name for the key. For KMS, this is the key's ARN. */
    keyRef: string
  }>
  /**
   * Signs a 32-byte digest as is; returns a DER ECDSA-Sig-Value. The signature
   * differs on each call and has a high s about half the time.
   */
  signDigest(
    keyId: string,
    digest: Uint8Array,
    options?: CallOptions,
  ): Promise<{ der: Uint8Array; keyRef: string; requestId?: string }>
}
