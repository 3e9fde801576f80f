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
 * Tells the format of a key by its content, not by its name.
 *
 * @throws KeyFileError when it is none that is read.
 */
export function recognize(bytes: Buffer): Candidate {
  const mark = byteOrderMark(bytes)
  if (mark === 'UTF-16')
    throw new KeyFileError(
      'The key is text in UTF-16, and ASCII is expected.',
      "PowerShell's > writes it so. Convert it: iconv -f UTF-16 -t ASCII.",
    )
  const text = trim(mark === 'UTF-8' ? bytes.subarray(3) : bytes)
  if (text.length === 0) return refuse('blanks alone')
  if (text.every(isHexDigit)) return fromHex(text)
  refuseForeign(text)
  if (text.some(isControl))
    // DER is never all text: its numbers have the tag 0x02.
    return bytes[0] === 0x30 ? fromDer(bytes) : refuse('binary data')
  if (text[0] === 0x7b) return fromKeystore(text)
  if (text.includes('-----BEGIN')) return fromPem(text)
  if (text.every(isOfWords) && text.some(isBlank)) return fromMnemonic(text)
  return refuse('other text')
}

function refuse(found: string): never {
  throw new KeyFileError(
    `No format of a private key is recognised: it is ${found}.`,
    'Allowed are SEC1 and PKCS#8 in PEM or DER, a V3 keystore, and on standard input 64 hex digits or a recovery phrase.',
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

/** Also beyond ASCII, where phrases of other languages are told so. */
function isOfWords(code: number): boolean {
  const letter = code | 0x20
  return isBlank(code) || code >= 0x80 || (letter >= 0x61 && letter <= 0x7a)
}

/** With the x of 0x. */
function isHexDigit(code: number): boolean {
  const letter = code | 0x20
  return (
    (code >= 0x30 && code <= 0x39) ||
    (letter >= 0x61 && letter <= 0x66) ||
    letter === 0x78
  )
}
