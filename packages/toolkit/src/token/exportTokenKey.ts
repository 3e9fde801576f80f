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
  /** File with the RSA key of the token that is to receive it. */
  recipient: string
  out: string
  /** Of the security officer; asked for when all else is agreed. */
  officerPin(): Promise<string>
  allowSha1Wrapping: boolean
  yes: boolean
}

/** Writes a key for another token: wrapped, so that only that one opens it. */
export async function exportTokenKey(
  io: Io,
  open: OpenToken,
  request: ExportRequest,
): Promise<{ address: string; path: string; recipientFingerprint: string }> {
  const recipient = await reading(() => readRecipient(io, request.recipient))
  const shown = fingerprint(recipient)
  const question = {
    target: undefined,
    action: `lets a key leave its token, for whoever has the private key of ${shown}`,
    yes: request.yes,
  }
  io.assertAskable(question)
  note(
    io,
    `The recipient's fingerprint is ${shown}. Have it read aloud from the other token: keyward key recipient. Another one means that somebody else would receive the key.`,
  )
  const { options, token } = await open()
  const { address, keyRef } = await proveTokenKey(options, request.keyId)
  await token.assertExportable(keyRef)
  const hash = await token.findOaepHash()
  if (hash === 'sha1' && !request.allowSha1Wrapping)
    throw new InputError('This token wraps by RSA-OAEP with SHA-1 only.', {
      details: '--allow-sha1-wrapping allows it for this one file.',
    })
  await io.confirm({
    ...question,
    action: `lets ${keyRef}, the key of ${address}, leave its token, for whoever has the private key of ${shown}`,
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
          'keyward key recipient writes it, on the machine of the token that is to receive the key.',
        cause,
      },
    )
  }
}
