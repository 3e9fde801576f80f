import { Option } from 'commander'
import { type Input, text, toggle } from '../../program/Input.js'
import { dryRun, passwordFd, yes } from '../../program/inputs.js'
import { parseFileToBe, parseValidTo } from '../../program/parsers.js'
import { wayInputs } from '../../program/sourceInputs.js'

/** A new file; false for `--no-backup`. */
const backup: Input<string | false | undefined> = {
  declared: new Option(
    '--backup <file>',
    'write an encrypted keystore to this file first, and check it',
  ),
  read: (typed) =>
    typeof typed === 'string'
      ? parseFileToBe(typed, '--backup')
      : typed === false
        ? false
        : undefined,
}

/** The inputs that `key import` and `key reimport` share. */
export const importInputs = {
  ...wayInputs,
  validTo: text(
    '--valid-to <time>',
    'when the key material expires',
    parseValidTo,
  ),
  receipt: text(
    '--receipt <file>',
    'where to write the receipt (default: in the current folder)',
    parseFileToBe,
  ),
  backup,
  noBackup: toggle('--no-backup', 'confirm that a backup exists'),
  backupPasswordFd: passwordFd(
    '--backup-password-fd <n>',
    "read the backup's password from the first line of this file descriptor",
  ),
  shred: toggle('--shred', 'overwrite and delete the key file at the end'),
  dryRun,
  yes,
}
