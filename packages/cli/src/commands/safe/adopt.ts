import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { network, urls, yes } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'
import { force, newSafeFile } from './safeInputs.js'

export const adoptCommand = define('adopt', {
  description: 'pin an existing Safe',
  takes: {
    address: required(text('<address>', 'address of the Safe', parseAddress)),
    safeFile: newSafeFile,
    network,
    urls,
    force,
    yes,
  },
  help: `Pins the code, owners, threshold and settings of a Safe 1.3.0 or 1.4.1. Check
everything that the command shows: co-signers will refuse the Safe if it
changes. Always asks for confirmation, even on the local home. Doesn't call AWS.`,
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
