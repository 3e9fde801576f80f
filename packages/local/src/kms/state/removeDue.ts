import type { Key } from '../Key.js'
import type { KmsContext } from '../KmsContext.js'

/**
 * Deletes keys that are due, together with their aliases, and expired material.
 */
export const removeDue = async (kms: KmsContext): Promise<void> => {
  for (const due of kms.keys.due(kms.now()))
    await kms.lock(`key ${due.keyId}`, async () => {
      // Another request may have been faster, or may have cancelled the
      // deletion.
      const key = kms.keys.get(due.keyId)
      if (key) await removeOne(kms, key)
    })
}

const removeOne = async (kms: KmsContext, key: Key): Promise<void> => {
  const now = kms.now()
  if (key.deletionDate !== undefined && key.deletionDate <= now) {
    // Aliases come first: otherwise, a crash could leave an alias that points
    // at nothing.
    for (const { name } of kms.aliases.list(key.keyId))
      await kms.lock(`alias ${name}`, async () => {
        if (kms.aliases.get(name)?.targetKeyId === key.keyId)
          await kms.aliases.remove(name)
      })
    await kms.keys.remove(key.keyId)
  } else if (key.material?.validTo !== undefined && key.material.validTo <= now)
    await kms.keys.save({ ...key, material: undefined })
}
