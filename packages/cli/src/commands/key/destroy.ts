import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { keyId, yes } from '../../program/inputs.js'
import { tokenInputs, tokenOf } from '../../program/tokenInputs.js'

export const destroyCommand = define('destroy', {
  description: "destroy a PKCS#11 token's key, for good",
  takes: {
    keyId,
    replacedBy: text(
      '--replaced-by <kms key>',
      'only if this KMS key signs for the same account',
    ),
    ...tokenInputs,
    yes,
  },
  help: `What is destroyed on a token is gone. With --replaced-by the KMS key signs a
message before. Calls kms:GetPublicKey, kms:Sign for that.`,
  examples: [
    'keyward key destroy --key treasury --token-label first --replaced-by alias/treasury',
  ],
  async run(terminal, options) {
    const { destroyTokenKey } = await import('@keyward/toolkit/token')
    const open = tokenOf(terminal, options)
    const data = await destroyTokenKey(terminal, open, options)
    return { data, text: `Destroyed ${data.destroyed}, of ${data.address}.` }
  },
})
