import { byteOrderMark } from '../byteOrderMark.js'
import type { Prompt } from '../Prompt.js'
import { wipe } from '../wipe.js'
import { PasswordError } from './PasswordError.js'
import * as PasswordMark from './PasswordMark.js'
import { readFromDescriptor } from './readFromDescriptor.js'

/** Shorter ones are guessed, whatever the key derivation. */
const goodLength = 12

/**
 * A password for a new key file: asked for twice, or the first line of a file
 * descriptor.
 *
 * @returns UTF-8 that every wallet reads alike, to be zeroed, and warnings.
 * @throws PasswordError when it is empty, or differs the second time.
 */
export async function readNewPassword(
  prompt: Prompt,
  passwordFd: number | undefined,
): Promise<{ password: Buffer; warnings: string[] }> {
  const password =
    passwordFd === undefined
      ? await askTwice(prompt)
      : await readFromDescriptor(passwordFd)
  try {
    assertUsable(password)
  } catch (error) {
    wipe(password)
    throw error
  }
  return { password, warnings: warningsFor(password) }
}

async function askTwice(prompt: Prompt): Promise<Buffer> {
  const password = await prompt.ask('New password (not shown): ')
  let again: Buffer | undefined
  try {
    assertUsable(password)
    again = await prompt.ask('The same again: ')
    if (!again.equals(password))
      throw new PasswordError(
        'The second password is not the first.',
        'Nothing was written. Begin again.',
      )
    return password
  } catch (error) {
    wipe(password)
    throw error
  } finally {
    wipe(again)
  }
}

function assertUsable(password: Buffer): void {
  if (password.length === 0)
    throw new PasswordError(
      'The password is empty.',
      'It is all that protects the key file. --plain writes PKCS#8 without one, if that is meant.',
    )
  const mark = byteOrderMark(password)
  if (mark !== undefined) throw PasswordMark.refuse(mark)
  if (password.some((byte) => byte < 0x20 || byte === 0x7f))
    throw new PasswordError(
      'The password contains a control character.',
      'Wallets could not be given it. Is it the right file?',
    )
  if (password.every((byte) => byte < 0x80)) return
  // Only here it passes through a string, which can't be zeroed.
  const text = password.toString('utf8')
  if (text.includes('\ufffd'))
    throw new PasswordError('The password is not text in UTF-8.')
  if (text.normalize('NFKC') !== text)
    throw new PasswordError(
      'The password holds a letter that wallets write in different ways.',
      'One wallet would open the file, and another would not. Leave out ligatures, full-width forms and accents typed as letters of their own.',
    )
}

function warningsFor(password: Buffer): string[] {
  const characters = password.filter((byte) => (byte & 0xc0) !== 0x80).length
  return [
    ...(characters < goodLength
      ? [
          `The password has ${characters} characters. Under ${goodLength} it can be guessed by whoever gets the file.`,
        ]
      : []),
    ...(password[0] === 0x20 || password.at(-1) === 0x20
      ? ['The password begins or ends with a blank, which belongs to it.']
      : []),
  ]
}
