import { InputError, quote } from '@keyward/core/errors'
import type { Io } from '../Io.js'
import { AwsCallError } from './AwsCallError.js'

/**
 * Asks for the MFA device's code if a profile has `mfa_serial`.
 *
 * @throws AwsCallError if there is no terminal; InputError for anything but a
 * code
 */
export async function askMfaCode(io: Io, serial: string): Promise<string> {
  // Meanwhile, the SDK looks for the profile's source credentials. If that
  // fails, the SDK handles the rejection only after the user has answered;
  // until then, Node would treat the rejection as unhandled.
  process.on('unhandledRejection', passLater)
  const typed = await io
    .ask(`MFA code of ${serial}: `)
    .catch((error) => {
      // The error is checked by name, because importing its class would load
      // all the code that reads key files.
      throw error.name === 'PasswordError' ? nobody(serial, error) : error
    })
    .finally(() => process.off('unhandledRejection', passLater))
  const code = typed.toString().trim()
  typed.fill(0)
  if (/^\d{6}$/.test(code)) return code
  throw new InputError('The input is not an MFA code.', {
    details: 'An MFA code has six digits. Nothing was sent. Try again.',
  })
}

function passLater(reason: unknown): void {
  const name = reason instanceof Error ? reason.name : ''
  if (!/^(Credentials|Token)ProviderError$/.test(name)) throw reason
}

function nobody(serial: string, cause: Error): AwsCallError {
  return new AwsCallError(
    'missing-credentials',
    `The profile needs a code from the MFA device ${quote(serial)}, but there is no terminal to ask for it.`,
    {
      details:
        'Run the command in a terminal, or run aws configure export-credentials ' +
        '--format env in a terminal and set the variables that it prints.',
      cause,
    },
  )
}
