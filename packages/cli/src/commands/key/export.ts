import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { required, text, toggle } from '../../program/Input.js'
import { keyId, yes } from '../../program/inputs.js'
import { parseNewFile } from '../../program/parsers.js'
import {
  officerInputs,
  officerPinOf,
  tokenInputs,
  tokenOf,
} from '../../program/tokenInputs.js'

export const allowSha1Wrapping = toggle(
  '--allow-sha1-wrapping',
  'allow SHA-1, for a token whose RSA-OAEP supports nothing else',
)

export const exportCommand = define('export', {
  description: "export a PKCS#11 token's key, wrapped for another token",
  takes: {
    keyId,
    recipient: required(
      text(
        '--recipient <file>',
        'file with the RSA public key of the receiving token',
      ),
    ),
    out: required(text('--out <file>', 'the file to write', parseNewFile)),
    ...tokenInputs,
    ...officerInputs,
    allowSha1Wrapping,
    yes,
  },
  help: `Only a key made with --extractable can leave its token, and only with both PINs:
the security officer marks the wrapping keys as trusted, and the user wraps the
key. Only the recipient's token can open the file. Compare the fingerprint with
the recipient by phone.`,
  examples: [
    'keyward key export --key treasury --token-label first \\',
    '    --recipient second.pem --out treasury.json',
  ],
  async run(terminal, options) {
    const { exportTokenKey } = await import('@keyward/toolkit/token')
    const data = await exportTokenKey(terminal, tokenOf(terminal, options), {
      ...options,
      officerPin: officerPinOf(terminal, options),
    })
    return {
      data,
      text: toColumns([
        ['address', data.address],
        ['file', data.path],
        [
          'opens',
          `with the private key that belongs to ${data.recipientFingerprint}`,
        ],
      ]),
    }
  },
})
