import { InputError, quote } from '@keyward/core/errors'
import { Option } from 'commander'
import { type Input, text, toggle } from '../../program/Input.js'
import { dryRun, passwordFd, yes } from '../../program/inputs.js'
import { parseFileToBe } from '../../program/parsers.js'
import { wayInputs } from '../../program/sourceInputs.js'

/** A new file; false for `--no-backup`. */
const backup: Input<string | false | undefined> = {
  declared: new Option(
    '--backup <file>',
    'write an encrypted keystore first, and check it',
  ),
  read: (typed) =>
    typeof typed === 'string'
      ? parseFileToBe(typed, '--backup')
      : typed === false
        ? false
        : undefined,
}

/** What `key import` and `key reimport` share. */
export const importInputs = {
  ...wayInputs,
  validTo: text('--valid-to <time>', 'when the material expires', parseTime),
  receipt: text(
    '--receipt <file>',
    'where the receipt goes, else this folder',
    parseFileToBe,
  ),
  backup,
  noBackup: toggle('--no-backup', 'confirm that a backup exists'),
  backupPasswordFd: passwordFd(
    '--backup-password-fd <n>',
    "read the backup's password from this file descriptor, its first line",
  ),
  shred: toggle(
    '--shred',
    'overwrite and remove the key file when all is done',
  ),
  dryRun,
  yes,
}

const longestMs = 365 * 24 * 60 * 60 * 1000

/** A day, which ends at midnight UTC, or a time. @throws InputError */
function parseTime(typed: string, name: string): Date {
  const isTime =
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const time = isTime.test(typed) ? new Date(typed) : new Date(Number.NaN)
  const refuse = (details: string) =>
    new InputError(`${name} ${quote(typed)} is refused.`, { details })
  // A 30th of February would count on into March.
  const [day = ''] = typed.split('T')
  if (
    Number.isNaN(time.getTime()) ||
    new Date(day).toISOString().slice(0, 10) !== day
  )
    throw refuse(
      'Give a day such as 2027-06-30, or a time with its zone, such as 2027-06-30T12:00:00Z.',
    )
  if (time.getTime() <= Date.now() || time.getTime() > Date.now() + longestMs)
    throw refuse(
      'Key material may be valid until any time in the next 365 days.',
    )
  return time
}
