import type { ByteOrderMark } from '../byteOrderMark.js'
import { WrongPasswordError } from '../KeyFileError.js'
import { PasswordError } from './PasswordError.js'

const removal: Readonly<Record<ByteOrderMark, string>> = {
  'UTF-8': 'tail -c +4 FILE > NEW',
  'UTF-16': 'iconv -f UTF-16 -t UTF-8 FILE > NEW',
}

const advice = (mark: ByteOrderMark) =>
  `To write the password without it: ${removal[mark]}.`

/** Of a new password: nobody could open the file by typing it. */
export function refuse(mark: ByteOrderMark): PasswordError {
  return new PasswordError(
    `The password begins with the byte order mark of ${mark}.`,
    `An editor put it there, and nobody can type it. ${advice(mark)}`,
  )
}

/** Of a password or passphrase that was taken as it came, mark and all. */
export function warn(mark: ByteOrderMark): string {
  return `The password begins with the byte order mark of ${mark}, which belongs to it and which nobody can type. Keep the file that it came from.`
}

/** Of a password that opens nothing, perhaps for its mark alone. */
export function explain(
  { shortMessage, details }: WrongPasswordError,
  mark: ByteOrderMark,
): WrongPasswordError {
  return new WrongPasswordError(
    shortMessage,
    `The password begins with the byte order mark of ${mark}, which an editor puts there. ${advice(mark)} ${details}`,
  )
}
