import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'

export const cancelDeletionCommand = define('cancel-deletion', {
  description: 'cancel the scheduled deletion of a key',
  takes: argumentOrKey,
  help: `Afterwards, the key is disabled. Calls kms:DescribeKey, kms:CancelKeyDeletion,
and kms:ListResourceTags for the address.`,
  examples: [
    'keyward key cancel-deletion 1234abcd-12ab-34cd-56ef-1234567890ab',
  ],
  async run(terminal, options) {
    const { cancelDeletion } = await import('@keyward/toolkit/key')
    const keyId = keyOfBoth(terminal, options)
    const { saved, enableBy } = await cancelDeletion(terminal, keyId)
    const next =
      saved.state === 'PendingImport'
        ? `The key has no key material. To import the private key: keyward key import --key ${saved.keyArn} --in <key file>`
        : `To let the key sign again: ${enableBy}`
    return {
      data: saved,
      text: `The deletion of ${saved.keyArn} is canceled. The key's state is ${saved.state}.\n${next}`,
    }
  },
})
