import { closeSync, openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { InputError } from '@keyward/core/errors'
import { allocate, copyOf, PasswordError, wipe } from '@keyward/keyfile'
import type { Streams } from './Terminal.js'
import { StoppedError } from './untilStopped.js'

const maxLength = 4096
const key = {
  interrupt: 0x03,
  endOfInput: 0x04,
  backspace: 0x08,
  newline: 0x0a,
  return: 0x0d,
  eraseLine: 0x15,
  delete: 0x7f,
} as const

type Tty = ReadStream & { isTTY: boolean }

/**
 * Asks the user for a line without showing it. Uses the terminal itself, even
 * if standard input is something else. The answer never becomes a string.
 *
 * @param question - Ends in `: `.
 * @throws PasswordError if there is no terminal; InputError for anything but a
 *   line of text; StoppedError on Ctrl-C.
 */
export async function askSecret(
  terminal: Streams,
  question: string,
): Promise<Buffer> {
  // Only a user who sees the question can answer it.
  if (terminal.stderr.isTTY !== true) throw nobody()
  const stdin = terminal.stdin as Tty
  if (stdin.isTTY === true) return await ask(stdin, terminal, question)
  const tty = openTerminal()
  try {
    return await ask(tty, terminal, question)
  } finally {
    tty.destroy()
  }
}

function openTerminal(): Tty {
  let fd: number
  try {
    fd = openSync('/dev/tty', 'r')
  } catch {
    throw nobody()
  }
  try {
    return new ReadStream(fd)
  } catch {
    closeSync(fd)
    throw nobody()
  }
}

async function ask(
  tty: Tty,
  terminal: Streams,
  question: string,
): Promise<Buffer> {
  // This comes before the question. Otherwise, a quick answer would be visible.
  tty.setRawMode(true)
  try {
    terminal.stderr.write(question)
    return await readHidden(tty)
  } finally {
    tty.setRawMode(false)
    terminal.stderr.write('\n')
  }
}

function readHidden(tty: Tty): Promise<Buffer> {
  const line = allocate(maxLength)
  let length = 0
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      tty.off('data', onData)
      tty.off('end', onEnd)
      tty.off('error', onError)
      // Without a listener, further input would be lost.
      tty.pause()
      settle()
      wipe(line)
    }
    const finish = () => end(() => resolve(copyOf(line.subarray(0, length))))
    const onEnd = () => end(() => reject(nobody()))
    const onError = () => end(() => reject(nobody()))
    const take = (byte: number): 'more' | 'done' => {
      if (byte === key.interrupt) throw new StoppedError('SIGINT')
      if (
        byte === key.return ||
        byte === key.newline ||
        byte === key.endOfInput
      )
        return 'done'
      if (byte === key.backspace || byte === key.delete)
        length = beforeLast(line, length)
      else if (byte === key.eraseLine) length = 0
      else if (byte < 0x20) throw notText()
      else if (length === maxLength) throw tooLong()
      else line[length++] = byte
      return 'more'
    }
    const onData = (chunk: Buffer) => {
      try {
        const last = chunk.findIndex((byte) => take(byte) === 'done')
        if (last < 0) return
        finish()
        // A second line in the same chunk answers the next question.
        const rest = copyOf(chunk.subarray(last + 1))
        if (rest.length > 0) tty.unshift(rest)
      } catch (error) {
        end(() => reject(error))
      } finally {
        wipe(chunk)
      }
    }
    tty.on('data', onData).on('end', onEnd).on('error', onError)
    tty.resume()
  })
}

/** The position at which the last UTF-8 character starts. */
function beforeLast(line: Buffer, length: number): number {
  let at = length - 1
  while (at > 0 && ((line[at] ?? 0) & 0xc0) === 0x80) at--
  return Math.max(0, at)
}

function nobody(): PasswordError {
  return new PasswordError(
    'The command needs a secret, but there is no terminal to ask for it.',
    'Pass a password through a file descriptor: --password-fd 3 3< FILE. Passwords are never taken from the command line or the environment, which other programs can read.',
  )
}

/** The text also has to suit URLs, PINs and codes, not only passwords. */
function notText(): InputError {
  return new InputError('The input contains a control character.', {
    details:
      "Run the command again. Arrow keys don't work at the prompt; Ctrl-U erases the line.",
  })
}

function tooLong(): InputError {
  return new InputError(`The input is longer than ${maxLength} bytes.`)
}
