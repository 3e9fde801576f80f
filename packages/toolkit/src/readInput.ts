import { readFile, stat } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'
import { type Io, note } from './Io.js'

type Source = Pick<Io, 'input' | 'notify'>

/** Larger than any transaction with six blobs of 128 KiB in hex. */
const maxBytes = 8 * 1024 * 1024

/**
 * Reads an entire file, or standard input for `-`.
 *
 * @param flag - The flag to name in errors.
 * @throws InputError if the file is missing, is a folder, or is larger than 8
 * MiB
 */
export async function readInput(
  io: Source,
  path: string,
  flag = '--in',
): Promise<Buffer> {
  if (path === '-') return readAll(io)
  try {
    const { size } = await stat(path)
    if (size > maxBytes) throw tooLarge(quote(path))
    return await readFile(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${flag} ${quote(path)} can't be read.`, {
      details: `${reason(error)} Pass a file, or - for standard input.`,
      cause: error,
    })
  }
}

async function readAll(io: Source): Promise<Buffer> {
  if (io.input.isTTY === true)
    note(io, 'Reading standard input. End it with Ctrl-D.')
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of io.input) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > maxBytes) throw tooLarge('Standard input')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/**
 * Reads JSON from a file, or from standard input for `-`. @throws InputError
 */
export async function readJson(
  io: Source,
  path: string,
  flag = '--in',
): Promise<unknown> {
  return parseJson(await readInput(io, path, flag), sourceName(path, flag))
}

/**
 * @throws InputError, which names the source but never quotes the text, because
 * it may be a private key
 */
export function parseJson(bytes: Buffer, source: string): unknown {
  const text = decodeText(bytes, source)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${source} is not JSON.`, {
      details:
        text.trim() === ''
          ? 'The input is empty.'
          : `The input ${faultOf(text)}.`,
      cause: error instanceof SyntaxError ? undefined : error,
    })
  }
}

/** @throws InputError if the bytes aren't UTF-8 */
export function decodeText(bytes: Buffer, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new InputError(`${source} is not UTF-8 text.`, {
      details: 'Pass text that is encoded as UTF-8.',
      cause: error,
    })
  }
}

/** What errors call the file of `--in`. */
export function sourceName(path: string, flag = '--in'): string {
  return path === '-' ? 'Standard input' : `${flag} ${quote(path)}`
}

function faultOf(text: string): string {
  const first = text.trim()[0] ?? ''
  if (first === '{' || first === '[')
    return `begins with "${first}", but is not valid JSON`
  return /[\w"'<-]/.test(first)
    ? 'is text in another format'
    : 'begins with an unexpected character'
}

/** Says why a file can't be read, in a sentence. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'The file does not exist.'
  if (code === 'EISDIR') return 'The path is a folder.'
  if (code === 'EACCES' || code === 'EPERM') return 'Permission is denied.'
  return `Reading failed (${code ?? 'unknown reason'}).`
}

function tooLarge(source: string): InputError {
  return new InputError(`${source} is larger than 8 MiB.`, {
    details:
      'No transaction or message is that long. Check that this is the right file.',
  })
}
