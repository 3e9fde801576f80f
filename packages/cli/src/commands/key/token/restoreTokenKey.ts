import { InputError } from '@keyward/core/errors'
import { fingerprint } from '@keyward/core/pkcs11'
import { note } from '@keyward/toolkit'
import { assertExpected } from '@keyward/toolkit/import'
import { findByRef, proveTokenKey, TokenBackup } from '@keyward/toolkit/token'
import { readToken } from '../../../input/openToken.js'
import { parseJson, readInput, sourceName } from '../../../input/readInput.js'
import type { Result } from '../../../output/Result.js'
import { reading } from '../../../program/reading.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'
import {
  type TokenKeyDescription,
  toDescription,
  tokenKeyText,
} from './tokenText.js'

export type RestoreRequest = TokenRequest & {
  in: string
  /** Of the RSA key that it was wrapped for. */
  recipient: string
  label: string | undefined
  extractable: boolean
  keepRecipient: boolean
  expectAddress: string | undefined
  yes: boolean
}

/** Takes a key in that another token has wrapped, and proves whose it is. */
export async function restoreTokenKey(
  terminal: Terminal,
  request: RestoreRequest,
): Promise<Result<TokenKeyDescription>> {
  const backup = await reading(async () => {
    const bytes = await readInput(terminal, request.in)
    return TokenBackup.fromJson(parseJson(bytes, sourceName(request.in)))
  })
  assertExpected(backup.address, request.expectAddress)
  const question = {
    target: undefined,
    action: `takes in the key of ${backup.address}, which whoever wrote the file may know: is that the address that keyward key export printed?`,
    yes: request.yes || request.expectAddress !== undefined,
  }
  terminal.assertAskable(question)
  const { options, token } = await readToken(terminal, request)
  const own = await token.readRecipient(request.recipient)
  if (fingerprint(own).replaceAll(' ', '') !== backup.recipient)
    throw new InputError('The file was made for another RSA key.', {
      details: `It is for ${backup.recipient.match(/.{4}/g)?.join(' ')}; ${request.recipient} on this token is ${fingerprint(own)}.`,
    })
  await terminal.confirm(question)
  const keyRef = await token.unwrapKey({
    recipientLabel: request.recipient,
    wrapped: backup.wrapped,
    label: request.label ?? backup.label,
    isExtractable: request.extractable,
  })
  const proof = await proveTokenKey(options, keyRef).catch(
    (cause: unknown) => ({ address: undefined, cause }),
  )
  if (proof.address !== backup.address) {
    await token.destroyKey(keyRef)
    throw new InputError(
      `What was restored is not the key of ${backup.address}.`,
      {
        details: 'It was destroyed again. Was the file changed on its way?',
        ...('cause' in proof ? { cause: proof.cause } : {}),
      },
    )
  }
  note(terminal, `It signs for ${backup.address}, as the file says.`)
  if (!request.keepRecipient) await token.destroyRecipient(request.recipient)
  const data = toDescription(findByRef(await token.listKeys(), keyRef))
  return { data, text: tokenKeyText(data) }
}
