import { createHmac } from 'node:crypto'

/**
 * Proves that the home knows the secret of a caller's access key: an HMAC of
 * the caller's own nonce. Signature Version 4 never uses its key, so the proof
 * can't be used as a signature.
 *
 * @param nonce - 32 to 64 hex digits of the caller's choice.
 */
export function proveHome(secretAccessKey: string, nonce: string): string {
  return createHmac('sha256', `KEYWARD1${secretAccessKey}`)
    .update(`local-home\n${nonce}`)
    .digest('hex')
}
