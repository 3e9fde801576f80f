import { copyAgain, KeyFileError } from '../KeyFileError.js'
import { describeKdf } from '../kdf.js'
import { decryptKeystore } from '../keystore/decryptKeystore.js'
import { parseKeystore } from '../keystore/parseKeystore.js'
import { wipe } from '../wipe.js'
import type { Candidate } from './Candidate.js'

/**
 * A V3 keystore. An invalid keystore is refused before asking for a password.
 */
export function fromKeystore(text: Buffer): Candidate {
  const keystore = parseKeystore(decodeUtf8(text))
  return {
    format: 'keystore',
    encrypted: true,
    async read(asks) {
      const password = await asks.password('Password of the keystore')
      try {
        asks.progress(`Opening the keystore (${describeKdf(keystore.kdf)}).`)
        const key = await decryptKeystore(keystore, password)
        // The MAC doesn't cover the IV; only the address verifies it.
        return { key, proven: keystore.address !== undefined, warnings: [] }
      } finally {
        wipe(password)
      }
    },
    dispose() {},
  }
}

function decodeUtf8(text: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text)
  } catch {
    throw new KeyFileError('The keystore is not UTF-8 text.', copyAgain)
  }
}
