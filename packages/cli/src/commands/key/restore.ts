import { define } from '../../program/define.js'
import { required, text, toggle } from '../../program/Input.js'
import { input, yes } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'
import { tokenInputs, tokenOf } from '../../program/tokenInputs.js'
import { tokenKeyText } from './tokenText.js'

export const restoreCommand = define('restore', {
  description: 'import an exported key into a PKCS#11 token',
  takes: {
    in: input(),
    recipient: required(
      text(
        '--recipient <label>',
        'label of the RSA key that the file was wrapped for',
      ),
    ),
    label: text(
      '--label <label>',
      "the key's label on this token (default: the old one)",
    ),
    extractable: toggle(
      '--extractable',
      'allow exporting the key from this token too, with both PINs',
    ),
    keepRecipient: toggle(
      '--keep-recipient',
      "don't destroy the RSA key, so the file can be opened again",
    ),
    expectAddress: text(
      '--expect-address <address>',
      'refuse a file for any other account',
      parseAddress,
    ),
    ...tokenInputs,
    yes,
  },
  help: `Anyone who has the RSA public key can write such a file for a key of their own,
so pass --expect-address with the address that keyward key export printed. At
the end, the restored key must sign a message; it is destroyed if it doesn't
belong to the account in the file.`,
  examples: [
    'keyward key restore --in treasury.json --recipient restore \\',
    '    --token-label second --expect-address 0x…',
  ],
  async run(terminal, options) {
    const { restoreTokenKey } = await import('@keyward/toolkit/token')
    const open = tokenOf(terminal, options)
    const data = await restoreTokenKey(terminal, open, options)
    return { data, text: tokenKeyText(data) }
  },
})
