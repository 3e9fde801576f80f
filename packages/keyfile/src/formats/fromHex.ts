import { decodeHex } from '../encoding/decodeHex.js'
import { KeyFileError } from '../KeyFileError.js'
import { fromScalar } from '../PrivateKey.js'
import { wipe } from '../wipe.js'
import type { Candidate } from './Candidate.js'

/** 64 hex digits, with or without `0x`. */
export function fromHex(text: Buffer): Candidate {
  return {
    format: 'hex',
    encrypted: false,
    async read() {
      const scalar = decodeHex(text)
      if (scalar?.length !== 32) {
        wipe(scalar)
        throw refusal(text)
      }
      return { key: fromScalar(scalar), proven: false, warnings: [] }
    },
    dispose() {},
  }
}

function refusal(text: Buffer): KeyFileError {
  const prefix = /^0x/i.test(text.toString('latin1', 0, 2)) ? 2 : 0
  const digits = text.length - prefix
  return new KeyFileError(
    `A private key has 64 hex digits, but ${digits === 64 ? 'one of the 64 given characters is an x' : `this one has ${digits}`}.`,
    digits < 64
      ? 'A key can begin with zeros, and some tools strip them. Add zeros only if you know that your tool strips them. Then compare the address: keyward key verify --in - --address ADDRESS.'
      : 'Is this another value, such as a public key or a hash?',
  )
}
