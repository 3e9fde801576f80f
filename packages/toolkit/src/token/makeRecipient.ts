import { createPublicKey } from 'node:crypto'
import { fingerprint } from '@keyward/core/pkcs11'
import { type Io, note } from '../Io.js'
import { writeWholeFile } from '../wholeFile.js'
import type { OpenToken } from './TokenHandle.js'

/** Creates the RSA key with which a token receives a key from another token. */
export async function makeRecipient(
  io: Io,
  open: OpenToken,
  { label, out }: { label: string; out: string },
): Promise<{ label: string; path: string; fingerprint: string }> {
  const { token } = await open()
  const spki = await token.createRecipient(label)
  const pem = createPublicKey({
    key: Buffer.from(spki),
    format: 'der',
    type: 'spki',
  }).export({ format: 'pem', type: 'spki' })
  const path = await writeWholeFile(out, pem, { mode: 0o644, replace: false })
  note(
    io,
    'Copy the file to the machine with the other token, run keyward key export there, and compare the fingerprint by phone.',
  )
  return { label, path, fingerprint: fingerprint(spki) }
}
