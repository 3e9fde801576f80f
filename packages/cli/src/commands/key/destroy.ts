import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { keyId, yes } from '../../program/inputs.js'
import { tokenInputs, tokenOf } from '../../program/tokenInputs.js'

export const destroyCommand = define('destroy', {
  description: "permanently destroy a PKCS#11 token's key",
  takes: {
    keyId,
    replacedBy: text(
      '--replaced-by <kms key>',
      'destroy the key only if this KMS key signs for the same account',
    ),
    ...tokenInputs,
    yes,
  },
  help: `You can't undo this. With --replaced-by, the KMS key must first sign a message,
which calls kms:GetPublicKey and kms:Sign.`,
  examples: [
    'keyward key destroy --key treasury --token-label first --replaced-by alias/treasury',
  ],
  async run(terminal, options) {
    const { destroyTokenKey } = await import('@keyward/toolkit/token')
    const open = tokenOf(terminal, options)
    const data = await destroyTokenKey(terminal, open, options)
    return {
      data,
      text: `Destroyed ${data.destroyed}, the key of ${data.address}.`,
    }
  },
})
