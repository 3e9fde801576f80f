import { define } from '../../program/define.js'
import { keyId } from '../../program/inputs.js'
import { importInputs } from './importInputs.js'
import { importResult } from './importText.js'

export const reimportCommand = define('reimport', {
  description: 'import the same private key again, after deletion or expiry',
  takes: { keyId, ...importInputs },
  help: `A KMS key accepts only the key material that was imported first.
With --valid-to, the material expires at that time; otherwise, it never expires.
Makes the same calls as key import.`,
  examples: [
    'keyward key reimport --in backup.json --key alias/treasury',
    'keyward key reimport --in key.pem --key alias/treasury --valid-to 2027-06-30',
  ],
  async run(terminal, options) {
    const { reimportKey } = await import('@keyward/toolkit/import')
    return importResult(await reimportKey(terminal, options))
  },
})
