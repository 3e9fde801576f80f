import { createHmac } from 'node:crypto'

/**
 * Shows that the home knows the secret of a caller's access key: an HMAC of
 * the caller's own nonce. It is made with a key that no Signature Version 4 is
 * made with, so it can't stand for one.
 *
 * @param nonce - 32 to 64 hex digits of the caller's choice.
 */
export function proveHome(secretAccessKey: string, nonce: string): string {
  return createHmac('sha256', `KEYWARD1${secretAccessKey}`)
    .update(`local-home\n${nonce}`)
    .digest('hex')
}
