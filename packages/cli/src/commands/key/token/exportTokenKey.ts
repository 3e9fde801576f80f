import { createPublicKey } from 'node:crypto'
import { InputError, quote } from '@keyward/core/errors'
import { fingerprint } from '@keyward/core/pkcs11'
import { note, toColumns, writePrivateFile } from '@keyward/toolkit'
import { proveTokenKey, TokenBackup } from '@keyward/toolkit/token'
import { readToken } from '../../../input/openToken.js'
import { readInput } from '../../../input/readInput.js'
import { readPin } from '../../../input/readPin.js'
import type { Result } from '../../../output/Result.js'
import { reading } from '../../../program/reading.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'

export type ExportRequest = TokenRequest & {
  keyId: string
  /** File with the RSA key of the token that is to receive it. */
  recipient: string
  out: string
  soPinSource: string | undefined
  allowSha1Wrapping: boolean
  yes: boolean
}

/** Writes a key for another token: wrapped, so that only that one opens it. */
export async function exportTokenKey(
  terminal: Terminal,
  request: ExportRequest,
): Promise<
  Result<{ address: string; path: string; recipientFingerprint: string }>
> {
  const recipient = await reading(() =>
    readRecipient(terminal, request.recipient),
  )
  const shown = fingerprint(recipient)
  const question = {
    target: undefined,
    action: `lets a key leave its token, for whoever has the private key of ${shown}`,
    yes: request.yes,
  }
  terminal.assertAskable(question)
  note(
    terminal,
    `The recipient's fingerprint is ${shown}. Have it read aloud from the other token: keyward key recipient. Another one means that somebody else would receive the key.`,
  )
  const { options, token } = await readToken(terminal, request)
  const { address, keyRef } = await proveTokenKey(options, request.keyId)
  await token.assertExportable(keyRef)
  const hash = await token.findOaepHash()
  if (hash === 'sha1' && !request.allowSha1Wrapping)
    throw new InputError('This token wraps by RSA-OAEP with SHA-1 only.', {
      details: '--allow-sha1-wrapping allows it for this one file.',
    })
  await terminal.confirm({
    ...question,
    action: `lets ${keyRef}, the key of ${address}, leave its token, for whoever has the private key of ${shown}`,
  })
  const officerPin = await readPin(terminal, request.soPinSource, {
    flag: '--so-pin-source',
    question: 'PIN of the security officer',
  })
  await token.removeLeftovers()
  const wrapped = await token.wrapKey(officerPin, {
    keyId: keyRef,
    recipient,
    hash,
  })
  const backup = TokenBackup.create(wrapped, recipient)
  const text = `${JSON.stringify(TokenBackup.toJson(backup), undefined, 2)}\n`
  const path = await writePrivateFile(request.out, text)
  return {
    data: { address, path, recipientFingerprint: shown },
    text: toColumns([
      ['address', address],
      ['file', path],
      ['opens', `with the private key of ${shown}`],
    ]),
  }
}

async function readRecipient(
  terminal: Terminal,
  path: string,
): Promise<Uint8Array> {
  const pem = await readInput(terminal, path)
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
