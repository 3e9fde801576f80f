import { note } from '@keyward/toolkit'
import { KeyNotImportableError } from '@keyward/toolkit/import'
import { untilKeyState } from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withKey } from './withKey.js'

export type MaterialDeletion = {
  keyArn: string
  address: string | null
  /** KMS's word, after it. */
  state: string
}

/**
 * Deletes the imported material of a key, which stops it at once. Only the
 * same private key, imported again, brings it back.
 *
 * @throws KeyNotImportableError for a key whose material KMS made.
 */
export function deleteMaterial(
  terminal: Terminal,
  keyId: string,
  yes: boolean,
): Promise<Result<MaterialDeletion>> {
  return withKey(terminal, keyId, async (key) => {
    const { kms, arn, metadata, address } = key
    const { Origin, KeyState = 'unknown' } = metadata
    if (Origin !== 'EXTERNAL')
      throw new KeyNotImportableError(
        `The key ${arn} has no imported material: its origin is ${Origin}.`,
        'The material that KMS made goes with the key only: keyward key ' +
          `schedule-deletion ${arn}`,
      )
    const answer = (state: string, text: string) => ({
      data: { keyArn: arn, address: address ?? null, state },
      text,
    })
    if (KeyState === 'PendingImport')
      return answer(
        KeyState,
        `${arn} has no key material: there is nothing to delete.`,
      )
    note(
      terminal,
      `Signing with ${key.named} ends at once. Only the same private key ` +
        'brings it back; without a backup the account is lost.',
    )
    await terminal.confirm({
      target: key.target,
      action: `deletes the key material of ${key.named}`,
      yes,
    })
    const { DeleteImportedKeyMaterialCommand } = await import(
      '@aws-sdk/client-kms'
    )
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: arn }))
    const isGone = (state: string) => state === 'PendingImport'
    return answer(
      (await untilKeyState(kms, arn, isGone)) ?? 'unknown',
      `The key material of ${arn} is deleted.\n` +
        `To bring it back: keyward key reimport --key ${arn} --in <key file or backup>`,
    )
  })
}
