import { define } from '../../program/define.js'
import { required, text, toggle } from '../../program/Input.js'
import { input } from '../../program/inputs.js'
import { tokenInputs } from '../../program/tokenInputs.js'

export const restoreCommand = define(
  'restore',
  'bring an exported key into a PKCS#11 token',
  {
    takes: {
      in: input(),
      recipient: required(
        text('--recipient <label>', 'the RSA key that it was written for'),
      ),
      label: text('--label <label>', 'its label here (else as it was)'),
      extractable: toggle(
        '--extractable',
        'it may leave this token too, with both PINs',
      ),
      keepRecipient: toggle(
        '--keep-recipient',
        "don't destroy the RSA key: the file opens again",
      ),
      ...tokenInputs,
    },
    help: 'The restored key signs before this ends, and is destroyed unless it is the account in the file.',
    examples: [
      'keyward key restore --in treasury.json --recipient restore --token-label second',
    ],
    async run(terminal, options) {
      const { restoreTokenKey } = await import('./token/restoreTokenKey.js')
      return restoreTokenKey(terminal, options)
    },
  },
)
