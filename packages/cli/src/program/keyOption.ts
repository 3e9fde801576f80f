import type { Terminal } from '../terminal/Terminal.js'
import { usageError } from './usageError.js'

/** The key that was asked for, or the one of the environment. */
export function keyOption(
  terminal: Terminal,
  given: string | undefined,
): string {
  const keyId = given ?? terminal.env.AWS_KMS_KEY_ID
  if (keyId !== undefined && keyId !== '') return keyId
  return usageError(
    terminal,
    'no key was named. Give --key with a key id, key ARN or alias, ' +
      'or set AWS_KMS_KEY_ID.',
  )
}
