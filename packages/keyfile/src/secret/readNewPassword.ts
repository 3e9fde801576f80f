import { byteOrderMark } from '../byteOrderMark.js'
import type { Prompt } from '../Prompt.js'
import { wipe } from '../wipe.js'
import { PasswordError } from './PasswordError.js'
import * as PasswordMark from './PasswordMark.js'
import { readFromDescriptor } from './readFromDescriptor.js'

/** Shorter passwords can be guessed despite the key derivation. */
const goodLength = 12

/**
 * A password for a new key file: typed twice, or the first line of a file
 * descriptor.
 *
 * @returns UTF-8 that every wallet reads alike, which the caller zeroes, and
 *   warnings.
 * @throws PasswordError if it is empty, or differs the second time.
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
    again = await prompt.ask('Repeat it: ')
    if (!again.equals(password))
      throw new PasswordError(
        'The two passwords differ.',
        'Nothing was written. Start again.',
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
      'Only the password protects the key file. To write PKCS#8 without a ' +
        'password, pass --plain.',
    )
  const mark = byteOrderMark(password)
  if (mark !== undefined) throw PasswordMark.refuse(mark)
  if (password.some((byte) => byte < 0x20 || byte === 0x7f))
    throw new PasswordError(
      'The password contains a control character.',
      "You couldn't type it into a wallet. Choose a password without control characters. If it came from a file, check that it is the right one.",
    )
  if (password.every((byte) => byte < 0x80)) return
  // Only here does the password pass through a string, which can't be zeroed.
  const text = password.toString('utf8')
  if (text.includes('\ufffd'))
    throw new PasswordError(
      'The password is not UTF-8 text.',
      'Convert the password to UTF-8, or choose another one.',
    )
  if (text.normalize('NFKC') !== text)
    throw new PasswordError(
      'The password contains a character that wallets encode differently.',
      "Some wallets couldn't open the file. Avoid ligatures, full-width " +
        'forms and accents typed as separate characters.',
    )
}

function warningsFor(password: Buffer): string[] {
  const characters = password.filter((byte) => (byte & 0xc0) !== 0x80).length
  return [
    ...(characters < goodLength
      ? [
          `The password has ${characters} characters. With fewer than ${goodLength}, anybody who gets the file can guess the password.`,
        ]
      : []),
    ...(password[0] === 0x20 || password.at(-1) === 0x20
      ? [
          'The password begins or ends with a space, which is part of the password.',
        ]
      : []),
  ]
}
