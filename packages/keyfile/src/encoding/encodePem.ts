import { allocate } from '../allocate.js'
import { wipe } from '../wipe.js'
import { encodeBase64 } from './base64.js'

const lineLength = 64

/**
 * Encodes bytes as a PEM block in ASCII, as OpenSSL writes it. The bytes never
 * become a string. The caller zeroes the result if it is secret.
 */
export function encodePem(label: string, der: Uint8Array): Buffer {
  const base64 = encodeBase64(der)
  const begin = `-----BEGIN ${label}-----\n`
  const end = `-----END ${label}-----\n`
  const lines = Math.ceil(base64.length / lineLength)
  const pem = allocate(begin.length + base64.length + lines + end.length)
  let offset = pem.write(begin, 'ascii')
  for (let at = 0; at < base64.length; at += lineLength) {
    offset += base64.copy(pem, offset, at, at + lineLength)
    offset += pem.write('\n', offset, 'ascii')
  }
  pem.write(end, offset, 'ascii')
  wipe(base64)
  return pem
}
