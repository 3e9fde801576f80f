import { define } from '../../program/define.js'
import { argumentOrKey, yes } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'

export const deleteMaterialCommand = define('delete-material', {
  description: 'delete the imported key material of a key',
  takes: { ...argumentOrKey, yes },
  help: `The key stops signing immediately. To restore it, import the same private key
again.
Calls kms:DescribeKey, kms:DeleteImportedKeyMaterial; for the address, also
kms:GetPublicKey or kms:ListResourceTags.`,
  examples: [
    'keyward key delete-material alias/treasury',
    'keyward key delete-material alias/treasury --yes --json',
  ],
  async run(terminal, options) {
    const { deleteMaterial } = await import('@keyward/toolkit/key')
    const keyId = keyOfBoth(terminal, options)
    const { key, isNew } = await deleteMaterial(terminal, keyId, options.yes)
    const cancel =
      key.state === 'PendingDeletion'
        ? `  keyward key cancel-deletion ${key.keyArn}\n`
        : ''
    return {
      data: key,
      text: isNew
        ? `The key material of ${key.keyArn} is deleted. To restore it:\n${cancel}  keyward key reimport --key ${key.keyArn} --in <key file or backup>`
        : `${key.keyArn} has no key material, so there is nothing to delete.`,
    }
  },
})
