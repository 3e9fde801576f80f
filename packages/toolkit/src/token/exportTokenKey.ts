import { createPublicKey } from 'node:crypto'
import { InputError, quote } from '@keyward/core/errors'
import { fingerprint } from '@keyward/core/pkcs11'
import { type Io, note } from '../Io.js'
import { writePrivateFile } from '../privateFile.js'
import { readInput } from '../readInput.js'
import { reading } from '../reading.js'
import { proveTokenKey } from './openTokenKey.js'
import * as TokenBackup from './TokenBackup.js'
import type { OpenToken } from './TokenHandle.js'

export type ExportRequest = {
  keyId: string
  /** The file with the receiving token's RSA key. */
  recipient: string
  out: string
  /**
   * The security officer's PIN, requested once everything else is confirmed.
   */
  officerPin(): Promise<string>
  allowSha1Wrapping: boolean
  yes: boolean
}

/**
 * Writes a key to a file, wrapped so that only the receiving token can open it.
 */
export async function exportTokenKey(
  io: Io,
  open: OpenToken,
  request: ExportRequest,
): Promise<{ address: string; path: string; recipientFingerprint: string }> {
  const recipient = await reading(() => readRecipient(io, request.recipient))
  const shown = fingerprint(recipient)
  const question = {
    target: undefined,
    action: `exports a key from its token, for anyone who has the private key that belongs to the fingerprint ${shown}`,
    yes: request.yes,
  }
  io.assertAskable(question)
  note(
    io,
    `The recipient's fingerprint is ${shown}. Compare it by phone with the one that keyward key recipient shows for the other token. If they differ, someone else would receive the key.`,
  )
  const { options, token } = await open()
  const { address, keyRef } = await proveTokenKey(options, request.keyId)
  await token.assertExportable(keyRef)
  const hash = await token.findOaepHash()
  if (hash === 'sha1' && !request.allowSha1Wrapping)
    throw new InputError('This token supports RSA-OAEP only with SHA-1.', {
      details: 'To allow SHA-1 for this file, add --allow-sha1-wrapping.',
    })
  await io.confirm({
    ...question,
    action: `exports ${keyRef}, the key of ${address}, from its token, for anyone who has the private key that belongs to the fingerprint ${shown}`,
  })
  const officerPin = await request.officerPin()
  await token.removeLeftovers()
  const wrapped = await token.wrapKey(officerPin, {
    keyId: keyRef,
    recipient,
    hash,
  })
  const backup = TokenBackup.create(wrapped, recipient)
  const text = `${JSON.stringify(TokenBackup.toJson(backup), undefined, 2)}\n`
  const path = await writePrivateFile(request.out, text)
  return { address, path, recipientFingerprint: shown }
}

async function readRecipient(io: Io, path: string): Promise<Uint8Array> {
  const pem = await readInput(io, path)
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType !== 'rsa') throw new Error('no RSA key')
    return key.export({ format: 'der', type: 'spki' })
  } catch (cause) {
    throw new InputError(
      `--recipient ${quote(path)} is not an RSA public key.`,
      {
        details:
          'To create it, run keyward key recipient on the machine with the receiving token.',
        cause,
      },
    )
  }
}
