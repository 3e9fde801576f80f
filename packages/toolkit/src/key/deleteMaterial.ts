import { type Io, note } from '../Io.js'
import { KeyNotImportableError } from '../import/findImportKey.js'
import { untilKeyState } from '../stack/untilKeyState.js'
import { withKey } from './withKey.js'

export type MaterialDeletion = {
  keyArn: string
  address: string | null
  /** KMS's name for the state afterwards. */
  state: string
}

/**
 * Deletes a key's imported material, which stops the key immediately. Only
 * importing the same private key again restores it.
 *
 * @returns The resulting state, and whether there was something to delete.
 * @throws KeyNotImportableError if KMS created the key's material
 */
export function deleteMaterial(
  io: Io,
  keyId: string,
  yes: boolean,
): Promise<{ key: MaterialDeletion; isNew: boolean }> {
  return withKey(io, keyId, async (key) => {
    const { kms, target, arn, metadata, address } = key
    const { Origin, KeyState = 'unknown' } = metadata
    if (Origin !== 'EXTERNAL')
      throw new KeyNotImportableError(
        `The key ${arn} has no imported material: its origin is ${Origin}.`,
        'KMS generated its material, and deletes it only together with the ' +
          `key. To delete the key, run:\n  keyward key schedule-deletion ${arn}`,
      )
    if (KeyState === 'PendingImport')
      return { key: { keyArn: arn, address, state: KeyState }, isNew: false }
    const again =
      'you must import the same private key; without a backup, the account is lost.'
    note(
      io,
      KeyState === 'PendingDeletion'
        ? `${key.named}, is scheduled for deletion and can't sign. To make it sign again, cancel its deletion; then ${again}`
        : `${key.named}, stops signing immediately. To make it sign again, ${again}`,
    )
    const action = `deletes the key material of ${key.named}`
    await io.confirm({ target, action, yes })
    const { DeleteImportedKeyMaterialCommand } = await import(
      '@aws-sdk/client-kms'
    )
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: arn }))
    const isGone = (state: string) =>
      state === 'PendingImport' || state === 'PendingDeletion'
    const state = (await untilKeyState(kms, arn, isGone)) ?? 'unknown'
    return { key: { keyArn: arn, address, state }, isNew: true }
  })
}
