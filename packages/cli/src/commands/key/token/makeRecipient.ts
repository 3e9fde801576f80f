import { createPublicKey } from 'node:crypto'
import { fingerprint } from '@keyward/core/pkcs11'
import { note, toColumns, writeWholeFile } from '@keyward/toolkit'
import { readToken } from '../../../input/openToken.js'
import type { Result } from '../../../output/Result.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'

/** Makes the RSA key by which a token receives a key from another. */
export async function makeRecipient(
  terminal: Terminal,
  request: TokenRequest & { label: string; out: string },
): Promise<Result<{ label: string; path: string; fingerprint: string }>> {
  const { label, out } = request
  const { token } = await readToken(terminal, request)
  const spki = await token.createRecipient(label)
  const pem = createPublicKey({
    key: Buffer.from(spki),
    format: 'der',
    type: 'spki',
  }).export({ format: 'pem', type: 'spki' })
  const path = await writeWholeFile(out, pem, { mode: 0o644, replace: false })
  const data = { label, path, fingerprint: fingerprint(spki) }
  note(
    terminal,
    'Carry the file to the other token, and read the fingerprint aloud there: keyward key export.',
  )
  return {
    data,
    text: toColumns([
      ['label', label],
      ['file', path],
      ['fingerprint', data.fingerprint],
    ]),
  }
}
