import { define } from '../../program/define.js'
import { argumentOrKey, yes } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'

export const deleteMaterialCommand = define('delete-material', {
  description: 'delete the imported key material of a key',
  takes: { ...argumentOrKey, yes },
  help: `The key stops signing at once. Only the same private key, imported again,
brings it back. Calls kms:DescribeKey, kms:DeleteImportedKeyMaterial; for the
address kms:GetPublicKey or kms:ListResourceTags.`,
  examples: [
    'keyward key delete-material alias/treasury',
    'keyward key delete-material alias/treasury --yes --json',
  ],
  async run(terminal, options) {
    const { deleteMaterial } = await import('./deleteMaterial.js')
    const keyId = keyOfBoth(terminal, options)
    return deleteMaterial(terminal, keyId, options.yes)
  },
})
