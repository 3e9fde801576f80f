import { decodeHex } from '../encoding/decodeHex.js'
import { KeyFileError } from '../KeyFileError.js'
import { fromScalar } from '../PrivateKey.js'
import type { Candidate } from './Candidate.js'

/** 64 hex digits, `0x` before them or not. */
export function fromHex(text: Buffer): Candidate {
  return {
    format: 'hex',
    encrypted: false,
    async read() {
      const scalar = decodeHex(text)
      const digits = text.length - (text.includes('x') ? 2 : 0)
      if (scalar?.length !== 32) {
        scalar?.fill(0)
        throw new KeyFileError(
          `A private key has 64 hex digits, and these are ${digits}${scalar === undefined && digits === 64 ? ' with an x among them' : ''}.`,
          digits < 64
            ? 'Leading zeros belong to it: some tools strip them. Add zeros in front only if you know that the tool does, and compare the address.'
            : undefined,
        )
      }
      return { key: fromScalar(scalar), proven: false, warnings: [] }
    },
    dispose() {},
  }
}
