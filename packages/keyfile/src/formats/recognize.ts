import { byteOrderMark } from '../byteOrderMark.js'
import { KeyFileError } from '../KeyFileError.js'
import type { Candidate } from './Candidate.js'
import { fromDer } from './fromDer.js'
import { fromHex } from './fromHex.js'
import { fromKeystore } from './fromKeystore.js'
import { fromMnemonic } from './fromMnemonic.js'
import { fromPem } from './fromPem.js'
import { isBlank } from './isBlank.js'
import { refuseForeign } from './refuseForeign.js'

/**
 * Detects the format of a key from its content, not its name.
 *
 * @throws KeyFileError if it is not a supported format.
 */
export function recognize(bytes: Buffer): Candidate {
  const mark = byteOrderMark(bytes)
  if (mark === 'UTF-16')
    throw new KeyFileError(
      'The key is UTF-16 text. Only ASCII is allowed.',
      "Windows PowerShell's > writes UTF-16. Convert the file. In PowerShell: Get-Content FILE | Set-Content -Encoding ascii NEW. In a Unix shell: iconv -f UTF-16 -t ASCII FILE > NEW.",
    )
  const text = trim(mark === 'UTF-8' ? bytes.subarray(3) : bytes)
  if (text.length === 0) return refuse('only whitespace')
  if (text.every(isHexDigit)) return fromHex(text)
  refuseForeign(text)
  if (text.some(isControl))
    // DER is never pure text: its numbers have the tag 0x02.
    return bytes[0] === 0x30 ? fromDer(bytes) : refuse('binary data')
  if (text[0] === 0x7b) return fromKeystore(text)
  if (text.includes('-----BEGIN')) return fromPem(text)
  if (text.every(isOfWords) && text.some(isBlank)) return fromMnemonic(text)
  return refuse('text')
}

function refuse(found: string): never {
  throw new KeyFileError(
    `The input is ${found}, not a private key in a known format.`,
    'Allowed: SEC1 or PKCS#8 in PEM or DER, a V3 keystore, or (on standard ' +
      'input only) 64 hex digits or a recovery phrase.',
  )
}

function trim(bytes: Buffer): Buffer {
  let [start, end] = [0, bytes.length]
  while (start < end && isBlank(bytes[start] ?? 0)) start++
  while (end > start && isBlank(bytes[end - 1] ?? 0)) end--
  return bytes.subarray(start, end)
}

function isControl(code: number): boolean {
  return code < 0x20 && !isBlank(code)
}

/**
 * Includes non-ASCII text, so that phrases in other languages get a clear
 * error.
 */
function isOfWords(code: number): boolean {
  const letter = code | 0x20
  return isBlank(code) || code >= 0x80 || (letter >= 0x61 && letter <= 0x7a)
}

/** Includes the x of 0x. */
function isHexDigit(code: number): boolean {
  const letter = code | 0x20
  return (
    (code >= 0x30 && code <= 0x39) ||
    (letter >= 0x61 && letter <= 0x66) ||
    letter === 0x78
  )
}
