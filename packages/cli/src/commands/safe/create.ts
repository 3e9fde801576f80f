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
      'an owner; repeat it for each',
      parseAddress,
    ),
    threshold: required(
      number('--threshold <n>', 'how many owners have to approve', {
        min: 1,
        max: 100,
      }),
    ),
    saltNonce: text(
      '--salt-nonce <n>',
      'another address for the same owners (default: 0)',
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
  help: `Safe 1.4.1, at an address that is shown before. Anybody may send the creation:
it is sent as keyward send does, from an account that should own nothing.
${permissions}`,
  examples: [
    'keyward safe create --owner 0x7099…79C8 --owner 0x3C44…93BC --owner 0x90F7…b906 --threshold 2 --safe-file treasury.safe.json',
    'keyward safe create --owner 0x7099…79C8 --threshold 1 --safe-file own.safe.json --dry-run',
  ],
  run: async (terminal, options) =>
    (await import('./createSafe.js')).createSafe(terminal, options),
})
