import { quote } from '@keyward/core/errors'
import { allocate } from '../allocate.js'
import { KeyFileError } from '../KeyFileError.js'
import { wipe } from '../wipe.js'
import { decodeBase64 } from './base64.js'

export type PemBlock = {
  /** For example `EC PRIVATE KEY`. */
  label: string
  /** Lines such as `Proc-Type: 4,ENCRYPTED` (RFC 1421). */
  headers: string[]
  der: Buffer
}

const begin = /^-----BEGIN ([A-Z0-9]{1,20}(?: [A-Z0-9]{1,20}){0,4})-----$/

/**
 * Reads the blocks of a PEM text (RFC 7468). Text before a block is allowed,
 * because OpenSSL sometimes writes it there; text after the last block is not.
 * Lines with key bytes never become strings, which couldn't be zeroed.
 *
 * @throws KeyFileError, after zeroing the blocks that were read
 */
export function readPem(text: Buffer): PemBlock[] {
  const blocks: PemBlock[] = []
  try {
    const lines = splitLines(text)
    let outside = false
    for (let at = 0; at < lines.length; at++) {
      const label = begin.exec(asMarker(lines[at]))?.[1]
      if (label === undefined) {
        outside ||= lines[at]?.length !== 0
        continue
      }
      outside = false
      const end = lines.findIndex(
        (line, i) => i > at && asMarker(line) === `-----END ${label}-----`,
      )
      if (end < 0 && text.includes(`-----END ${label}-----`))
        throw noLineBreaks()
      if (end < 0)
        throw new KeyFileError(
          `The PEM block ${quote(label)} has no END line.`,
          `The block is cut off before its last line, -----END ${label}-----. Copy the file again, or use the backup.`,
        )
      blocks.push(readBlock(label, lines.slice(at + 1, end)))
      at = end
    }
    if (blocks.length === 0 && hasJoinedLine(text)) throw noLineBreaks()
    if (blocks.length === 0)
      throw new KeyFileError(
        'The PEM file has no valid BEGIN line.',
        'The first line must look like -----BEGIN PRIVATE KEY-----, with nothing else on it.',
      )
    if (outside)
      throw new KeyFileError(
        'Text follows the PEM block.',
        'A key file must contain one key and nothing after it. Remove ' +
          'the text.',
      )
    return blocks
  } catch (error) {
    wipe(...blocks.map(({ der }) => der))
    throw error
  }
}

/** Whether the first line continues after its last dashes. */
function hasJoinedLine(text: Buffer): boolean {
  const start = text.indexOf('-----BEGIN ')
  const end = text.indexOf('-----', start + 11)
  const next = text[end + 5]
  return end > 0 && next !== undefined && next !== 0x0a && next !== 0x0d
}

function noLineBreaks(): KeyFileError {
  return new KeyFileError(
    'The PEM file has lost its line breaks.',
    '-----BEGIN ...----- and -----END ...----- must be on separate lines. ' +
      'docs/guides/key-files.md has a command that restores the line breaks.',
  )
}

function readBlock(label: string, lines: readonly Buffer[]): PemBlock {
  const blank = lines.findIndex((line) => line.length === 0)
  const hasHeaders = lines[0]?.includes(0x3a) === true && blank > 0
  const headers = hasHeaders
    ? lines.slice(0, blank).map((line) => line.toString('latin1'))
    : []
  const body = lines.slice(hasHeaders ? blank + 1 : 0)
  const base64 = allocate(body.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const line of body) offset += line.copy(base64, offset)
  const der = decodeBase64(base64)
  wipe(base64)
  if (der === undefined)
    throw new KeyFileError(
      `The PEM block ${quote(label)} is not valid base64.`,
      'A character is missing, added or changed. Copy the file again, or use ' +
        'the backup.',
    )
  return { label, headers, der }
}

/** Lines end with \n, \r\n or \r; trailing blanks don't count. */
function splitLines(text: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0, at = 0; at <= text.length; at++) {
    const code = text[at]
    if (code !== 0x0a && code !== 0x0d && code !== undefined) continue
    let end = at
    while (end > start && (text[end - 1] === 0x20 || text[end - 1] === 0x09))
      end--
    lines.push(text.subarray(start, end))
    if (code === 0x0d && text[at + 1] === 0x0a) at++
    start = at + 1
  }
  return lines
}

/**
 * A line as text, if it can be the first or last line of a block. A line with
 * key bytes either doesn't end in dashes or is longer.
 */
function asMarker(line: Buffer | undefined): string {
  return line?.[0] === 0x2d && line.at(-1) === 0x2d && line.length < 80
    ? line.toString('latin1')
    : ''
}
