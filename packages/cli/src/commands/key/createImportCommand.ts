import { Command, InvalidArgumentError, Option } from 'commander'
import { addWayOptions } from '../../program/addWayOptions.js'
import { passwordFdOption } from '../../program/passwordFdOption.js'

/** What `key import` and `key reimport` share. */
export function createImportCommand(
  name: string,
  description: string,
): Command {
  const command = new Command(name)
    .description(description)
    .option('--key <key>', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
  return addWayOptions(command)
    .addOption(
      new Option('--valid-to <time>', 'when the material expires').argParser(
        parseTime,
      ),
    )
    .option('--receipt <file>', 'where the receipt goes, else this folder')
    .option(
      '--backup <file>',
      'write an encrypted keystore first, and check it',
    )
    .option('--no-backup', 'say that there is a backup')
    .addOption(
      passwordFdOption(
        '--backup-password-fd <n>',
        "read the backup's password from this file descriptor, its first line",
      ),
    )
    .option('--shred', 'overwrite and remove the key file when all is done')
    .option('--dry-run', 'check everything and send nothing')
    .option('-y, --yes', "don't ask before importing into AWS")
    .option('--json', 'print one line of JSON')
}

const longestMs = 365 * 24 * 60 * 60 * 1000

/** A day, which ends at midnight UTC, or a time. */
function parseTime(text: string): Date {
  const isTime =
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const time = isTime.test(text) ? new Date(text) : new Date(Number.NaN)
  // A 30th of February would count on into March.
  const [day = ''] = text.split('T')
  if (
    Number.isNaN(time.getTime()) ||
    new Date(day).toISOString().slice(0, 10) !== day
  )
    throw new InvalidArgumentError(
      'Give a day such as 2027-06-30, or a time with its zone, such as 2027-06-30T12:00:00Z.',
    )
  if (time.getTime() <= Date.now() || time.getTime() > Date.now() + longestMs)
    throw new InvalidArgumentError(
      'Key material may be valid until any time in the next 365 days.',
    )
  return time
}
