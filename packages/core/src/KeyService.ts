/** How long the caller of a key service waits. */
export type CallOptions = {
  /** When it stops waiting, in ms since 1970. @default never */
  deadline?: number | undefined
  /** Aborted when the answer is not wanted any more. */
  signal?: AbortSignal | undefined
}

/**
 * Where a key lives. The lean client (`@keyward/core/kms`), an AWS SDK client
 * (`@keyward/core/sdk`) and the local home all satisfy it. Hand it to
 * `SigningKey.connect` or `open` and to nothing else: a call that does not come
 * from there passes no policy.
 */
export type KeyService = {
  /** SubjectPublicKeyInfo, DER. */
  getPublicKey(
    keyId: string,
    options?: CallOptions,
  ): Promise<{
    spki: Uint8Array
    /** The service's own name for the key: of KMS, the key's ARN. */
    keyRef: string
  }>
  /**
   * ECDSA-Sig-Value, DER, over a digest of 32 bytes that is signed as it is.
   * The signature differs at each call and has a high s about half the time.
   */
  signDigest(
    keyId: string,
    digest: Uint8Array,
    options?: CallOptions,
  ): Promise<{ der: Uint8Array; keyRef: string; requestId?: string }>
}
