import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { list, number, required, text } from '../../program/Input.js'
import { dryRun, newLedger, yes } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'
import {
  permissions,
  senderInputs,
  timeout,
} from '../../program/senderInputs.js'
import { parseNumber } from './parseSafe.js'
import { force, newSafeFile } from './safeInputs.js'

export const createCommand = define('create', {
  description: 'create a Safe and pin it',
  takes: {
    owner: list(
      '--owner <address>',
      "an owner's address; repeat the flag for each owner",
      parseAddress,
    ),
    threshold: required(
      number('--threshold <n>', 'how many owners must approve', {
        min: 1,
        max: 100,
      }),
    ),
    saltNonce: text(
      '--salt-nonce <n>',
      'a number that changes the address for the same owners (default: 0)',
      parseNumber,
    ),
    safeFile: newSafeFile,
    force,
    ...senderInputs,
    newLedger,
    timeout,
    dryRun,
    yes,
  },
  help: `Creates a Safe 1.4.1 at an address that is shown first. Anyone can send the
transaction that creates it. This command sends it as keyward send does, from an
account that should not be an owner.
${permissions}`,
  examples: [
    'keyward safe create --owner 0x7099…79C8 --owner 0x3C44…93BC --owner 0x90F7…b906 --threshold 2 --safe-file treasury.safe.json',
    'keyward safe create --owner 0x7099…79C8 --threshold 1 --safe-file own.safe.json --dry-run',
  ],
  async run(terminal, options) {
    const { createSafe } = await import('@keyward/toolkit/safe')
    const { followedResult } = await import('../../output/followedResult.js')
    const { safeFile } = options
    const made = await createSafe(terminal, options)
    if ('followed' in made)
      return followedResult(made.followed, made.chainId, options)
    const { safe, chainId, isMissing } = made
    if ('data' in made) {
      const { to, data } = made
      const exists = !isMissing
      return {
        data: { dryRun: true, safe, chainId, exists, to, data },
        text: toColumns([
          ['safe', `${safe}${exists ? ', which already exists' : ''}`],
          ['to', to],
          ['data', data],
          ['sent', 'nothing: this was a dry run'],
        ]),
      }
    }
    const { AddressField } = await import('@keyward/core')
    const owners = made.pins.owners.map(AddressField.toChecksum)
    const { threshold } = made.pins
    return {
      data: {
        ...{ safe, chainId, owners, threshold },
        ...{ created: isMissing, file: safeFile },
      },
      text: toColumns([
        ['safe', `${safe}${isMissing ? '' : ', which already existed'}`],
        ['approve', `${threshold} of ${owners.length} owners`],
        ['pinned in', safeFile],
      ]),
    }
  },
})
