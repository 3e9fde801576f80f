import { CommanderError } from 'commander'
import { note, type Terminal } from '../Terminal.js'

/** The key that was asked for, or the one of the environment. */
export function keyOption(
  terminal: Terminal,
  given: string | undefined,
): string {
  const keyId = given ?? terminal.env.AWS_KMS_KEY_ID
  if (keyId !== undefined && keyId !== '') return keyId
  const message =
    'error: no key was named. Give --key with a key id, key ARN or alias, ' +
    'or set AWS_KMS_KEY_ID.'
  note(terminal, message)
  throw new CommanderError(2, 'keyward.missingKey', message)
}
