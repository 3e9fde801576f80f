import { InputError, quote } from '@keyward/core/errors'
import { fingerprint } from '@keyward/core/pkcs11'
import { type Io, note } from '../Io.js'
import { assertExpected } from '../import/assertExpected.js'
import { readJson } from '../readInput.js'
import { reading } from '../reading.js'
import {
  describeTokenKey,
  type TokenKeyDescription,
} from './describeTokenKey.js'
import { proveTokenKey } from './openTokenKey.js'
import * as TokenBackup from './TokenBackup.js'
import type { OpenToken } from './TokenHandle.js'

export type RestoreRequest = {
  in: string
  /** Label of the RSA key for which the key was wrapped. */
  recipient: string
  label: string | undefined
  extractable: boolean
  keepRecipient: boolean
  expectAddress: string | undefined
  yes: boolean
}

/**
 * Imports a key that another token wrapped, and proves to which account it
 * belongs.
 */
export async function restoreTokenKey(
  io: Io,
  open: OpenToken,
  request: RestoreRequest,
): Promise<TokenKeyDescription> {
  const backup = await reading(async () =>
    TokenBackup.fromJson(await readJson(io, request.in)),
  )
  assertExpected(backup.address, request.expectAddress)
  const question = {
    target: undefined,
    action: `restores the key of ${backup.address}, which the person who wrote the file might know (compare the address with the one that keyward key export printed)`,
    yes: request.yes || request.expectAddress !== undefined,
  }
  io.assertAskable(question)
  const handle = await open()
  const { options, token } = handle
  const own = await token.readRecipient(request.recipient)
  if (fingerprint(own).replaceAll(' ', '') !== backup.recipient)
    throw new InputError('The file was written for another RSA key.', {
      details: `The file is for the RSA key with the fingerprint ${backup.recipient.match(/.{4}/g)?.join(' ')}, but the key ${quote(request.recipient)} on this token has the fingerprint ${fingerprint(own)}. Nothing was restored. Pass the right key with --recipient, or export the key again for this RSA key.`,
    })
  await io.confirm(question)
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
      `The restored key is not the key of ${backup.address}.`,
      {
        details:
          'The restored key was destroyed. Check whether the file was changed in transit.',
        ...('cause' in proof ? { cause: proof.cause } : {}),
      },
    )
  }
  note(io, `The key signs for ${backup.address}, as the file says.`)
  if (!request.keepRecipient) await token.destroyRecipient(request.recipient)
  return describeTokenKey(handle, keyRef)
}
