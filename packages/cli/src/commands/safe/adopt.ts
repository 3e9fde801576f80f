import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { network, urls, yes } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'
import { force, newSafeFile } from './safeInputs.js'

export const adoptCommand = define('adopt', {
  description: 'pin a Safe that exists',
  takes: {
    address: required(text('<address>', 'the Safe', parseAddress)),
    safeFile: newSafeFile,
    network,
    urls,
    force,
    yes,
  },
  help: `Versions 1.3.0 and 1.4.1: code, owners, threshold and settings. Look at everything that it shows: co-signers will
refuse a Safe that is not as it is now. It always asks, also in the local home;
AWS is not called.`,
  examples: [
    'keyward safe adopt 0x5aFE…0001 --safe-file treasury.safe.json',
    'keyward safe adopt 0x5aFE…0001 --safe-file treasury.safe.json --force',
  ],
  async run(terminal, options) {
    const { adoptSafe } = await import('@keyward/toolkit/safe')
    const json = await adoptSafe(terminal, options)
    return {
      data: { ...json, file: options.safeFile },
      text: toColumns([
        ['safe', json.safe],
        ['pinned in', options.safeFile],
      ]),
    }
  },
})
