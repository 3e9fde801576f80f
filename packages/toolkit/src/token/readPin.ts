import { closeSync, fstatSync, openSync } from 'node:fs'
import { InputError, quote } from '@keyward/core/errors'
import { PasswordError, readFromDescriptor } from '@keyward/keyfile'
import type { Io } from '../Io.js'
import { reason } from '../readInput.js'

/**
 * Reads a PIN from the given source, or asks for it. A PIN is never an
 * argument, because other programs can read arguments.
 *
 * @param flag - The flag to name in errors.
 * @throws InputError, PasswordError
 */
export async function readPin(
  io: Pick<Io, 'ask' | 'env'>,
  source: string | undefined,
  { flag, question }: { flag: string; question: string },
): Promise<string> {
  if (source === undefined)
    return toText(
      await io.ask(`${question}: `).catch((error) => noTerminal(error, flag)),
      flag,
    )
  const [, kind, rest = ''] = /^(fd|file|env):(.+)$/s.exec(source) ?? []
  // The typed text may be the PIN itself, so it is not quoted.
  if (kind === undefined)
    throw new InputError(`The value of ${flag} is not a valid PIN source.`, {
      details:
        'Pass fd:3 (the first line of a file descriptor), file:/path (a file that only you can read) or env:NAME. Without the flag, the command asks for the PIN.',
    })
  if (kind === 'env') {
    const pin = io.env[rest]
    if (pin !== undefined && pin !== '') return checked(pin, flag)
    // A valid variable name is unlikely to be a PIN.
    const name = /^[a-z_]\w*$/i.test(rest) ? ` ${quote(rest)}` : ''
    throw new InputError(
      `${flag}: the environment variable${name} is not set.`,
      {
        details: 'Set the variable, or use another source for the PIN.',
      },
    )
  }
  if (kind === 'fd') {
    if (!/^[0-9]{1,7}$/.test(rest))
      throw new InputError(`${flag}: the text after "fd:" is not a number.`, {
        details: 'Pass the number of an open file descriptor, such as fd:3.',
      })
    return toText(await readFromDescriptor(Number(rest)), flag)
  }
  return toText(await readFile(rest, flag), flag)
}

/** The general advice is about passwords, which have another flag. */
function noTerminal(error: unknown, flag: string): never {
  if (!(error instanceof PasswordError)) throw error
  throw new PasswordError(
    'The command needs a PIN, but there is no terminal to ask for it.',
    `Pass ${flag} with a source, such as ${flag} fd:3 3< FILE.`,
  )
}

async function readFile(path: string, flag: string): Promise<Buffer> {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    throw new InputError(`${flag}: ${quote(path)} can't be read.`, {
      details: reason(error),
      cause: error,
    })
  }
  try {
    const mode = fstatSync(fd).mode & 0o077
    if (mode !== 0 && process.platform !== 'win32')
      throw new InputError(`${flag}: other users can read ${quote(path)}.`, {
        details: 'Run chmod 600 on the file first.',
      })
    return await readFromDescriptor(fd)
  } catch (cause) {
    if (!(cause instanceof PasswordError)) throw cause
    throw new InputError(`${flag}: ${quote(path)} contains no PIN.`, {
      details: 'The PIN must be the first line of the file.',
      cause,
    })
  } finally {
    closeSync(fd)
  }
}

function toText(bytes: Buffer, flag: string): string {
  const pin = bytes.toString('utf8')
  bytes.fill(0)
  return checked(pin, flag)
}

/**
 * Checks the PIN's form first, because a wrong PIN uses up one of a few
 * attempts.
 */
function checked(pin: string, flag: string): string {
  if (pin === '')
    throw new InputError(`${flag}: the PIN is empty.`, {
      details: 'The PIN was not tried. Run the command again with the PIN.',
    })
  if (/[\p{Cc}\ufeff\ufffd]/u.test(pin))
    throw new InputError(`${flag}: the PIN is not plain text.`, {
      details:
        'The PIN contains a control character or a byte order mark. Save it as plain UTF-8 text. The PIN was not tried.',
    })
  return pin
}
