import type { ByteOrderMark } from '../byteOrderMark.js'
import { WrongPasswordError } from '../KeyFileError.js'
import { PasswordError } from './PasswordError.js'

const removal: Readonly<Record<ByteOrderMark, string>> = {
  'UTF-8': 'tail -c +4 PASSWORD_FILE > NEW',
  'UTF-16': 'iconv -f UTF-16 -t UTF-8 PASSWORD_FILE > NEW',
}

const advice = (mark: ByteOrderMark) =>
  `Remove the mark from the password file and try again. In a Unix shell: ${removal[mark]}. In PowerShell: [IO.File]::WriteAllText("$PWD/NEW", (Get-Content -Raw PASSWORD_FILE)).`

/**
 * Refuses a new password that begins with a mark, because nobody could type it
 * to open the file.
 */
export function refuse(mark: ByteOrderMark): PasswordError {
  return new PasswordError(
    `The password begins with a ${mark} byte order mark.`,
    `An editor probably added the mark, and you can't type it. ${advice(mark)}`,
  )
}

/**
 * Warns about a password or passphrase that was used together with its mark.
 */
export function warn(mark: ByteOrderMark): string {
  return `The password begins with a ${mark} byte order mark, which is part of the password and can't be typed. Keep the password file.`
}

/** Explains a failing password, which may fail only because of its mark. */
export function explain(
  { shortMessage }: WrongPasswordError,
  mark: ByteOrderMark,
): WrongPasswordError {
  return new WrongPasswordError(
    shortMessage,
    `The password begins with a ${mark} byte order mark, which an editor probably added. ${advice(mark)} If that doesn't help, the password is wrong, or the key file is damaged.`,
  )
}
