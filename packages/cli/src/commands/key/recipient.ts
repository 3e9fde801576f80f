import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { parseNewFile } from '../../program/parsers.js'
import { tokenInputs, tokenOf } from '../../program/tokenInputs.js'

export const recipientCommand = define('recipient', {
  description: 'create the RSA key that lets a PKCS#11 token receive a key',
  takes: {
    label: required(
      text('--label <label>', "the RSA key's label on the token"),
    ),
    out: required(
      text('--out <file>', 'where to write the public key', parseNewFile),
    ),
    ...tokenInputs,
  },
  help: 'keyward key restore destroys the RSA key afterwards, so a file that was wrapped for this key\ncan be opened only once.',
  examples: [
    'keyward key recipient --label restore --out second.pem --token-label second',
  ],
  async run(terminal, options) {
    const { makeRecipient } = await import('@keyward/toolkit/token')
    const open = tokenOf(terminal, options)
    const data = await makeRecipient(terminal, open, options)
    return {
      data,
      text: toColumns([
        ['label', data.label],
        ['file', data.path],
        ['fingerprint', data.fingerprint],
      ]),
    }
  },
})
