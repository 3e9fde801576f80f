import { createHmac } from 'node:crypto'

/**
 * Proves that the home knows the secret of a caller's access key, with an HMAC
 * of the caller's own nonce. Signature Version 4 never uses the key of this
 * HMAC, so the proof can't serve as a signature.
 *
 * @param nonce - 32 to 64 hex digits of the caller's choice.
 */
export function proveHome(secretAccessKey: string, nonce: string): string {
  return createHmac('sha256', `KEYWARD1${secretAccessKey}`)
    .update(`local-home\n${nonce}`)
    .digest('hex')
}
