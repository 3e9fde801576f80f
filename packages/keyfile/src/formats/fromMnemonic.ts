import { deriveFromMnemonic } from '../mnemonic/deriveKey.js'
import { defaultPath, parsePath } from '../mnemonic/Path.js'
import { wipe } from '../wipe.js'
import type { Candidate } from './Candidate.js'

/** A BIP-39 recovery phrase. */
export function fromMnemonic(text: Buffer): Candidate {
  return {
    format: 'mnemonic',
    encrypted: false,
    async read(asks) {
      // Loads the word list only when it is needed.
      const { readMnemonic } = await import('../mnemonic/readMnemonic.js')
      const path = parsePath(asks.derivationPath ?? defaultPath)
      const phrase = readMnemonic(text)
      let passphrase: Buffer | undefined
      try {
        passphrase = normalize(await asks.passphrase())
        const key = deriveFromMnemonic(phrase, passphrase, path)
        // A phrase proves nothing: its checksum is weak, and every path or
        // passphrase leads to some key.
        return { key, proven: false, warnings: [] }
      } finally {
        wipe(phrase, passphrase)
      }
    },
    dispose() {},
  }
}

/** BIP-39 requires NFKD. Only non-ASCII text passes through a string. */
function normalize(passphrase: Buffer): Buffer {
  if (passphrase.every((byte) => byte < 0x80)) return passphrase
  const normalized = Buffer.from(passphrase.toString('utf8').normalize('NFKD'))
  wipe(passphrase)
  return normalized
}
