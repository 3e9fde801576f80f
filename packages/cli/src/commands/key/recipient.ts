import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { parseNewFile } from '../../program/parsers.js'
import { tokenInputs } from '../../program/tokenInputs.js'

export const recipientCommand = define('recipient', {
  description: 'make the RSA key by which a PKCS#11 token receives a key',
  takes: {
    label: required(text('--label <label>', 'its label on the token')),
    out: required(
      text('--out <file>', 'where its public half goes', parseNewFile),
    ),
    ...tokenInputs,
  },
  help: 'keyward key restore destroys it again, so that what was wrapped for it opens once.',
  examples: [
    'keyward key recipient --label restore --out second.pem --token-label second',
  ],
  async run(terminal, options) {
    const { makeRecipient } = await import('./token/makeRecipient.js')
    return makeRecipient(terminal, options)
  },
})
