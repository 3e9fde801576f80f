/**
 * Where a key lives. The lean client (`@keyward/core/kms`), an AWS SDK client
 * (`@keyward/core/sdk`) and the local home all satisfy it.
 */
export type KeyService = {
  /** SubjectPublicKeyInfo, DER. */
  getPublicKey(keyId: string): Promise<{ spki: Uint8Array; keyArn: string }>
  /**
   * ECDSA-Sig-Value, DER, over a digest of 32 bytes that is signed as it is.
   * The signature differs at each call and has a high s about half the time.
   */
  signDigest(
    keyId: string,
    digest: Uint8Array,
  ): Promise<{ der: Uint8Array; keyArn: string; requestId?: string }>
}
