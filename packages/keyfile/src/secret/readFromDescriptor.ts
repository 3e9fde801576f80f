import {
  fstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs'
import { isatty } from 'node:tty'
import { allocate, copyOf } from '../allocate.js'
import { readSome } from '../source/readSome.js'
import { wipe } from '../wipe.js'
import { PasswordError } from './PasswordError.js'

const maxLength = 1024
const newline = 0x0a

/**
 * Reads a password from an open file descriptor: the first line, without its
 * line end. It never reads from a path, an argument or a variable, which others
 * can see.
 *
 * @throws PasswordError if it isn't open, is a terminal, or gives no password.
 */
export async function readFromDescriptor(fd: number): Promise<Buffer> {
  assertReadable(fd)
  const line = allocate(maxLength + 2)
  try {
    const { length, ended } = await readLine(fd, line)
    const end = line[length - 1] === 0x0d ? length - 1 : length
    if (end > maxLength)
      throw new PasswordError(
        `The password on file descriptor ${fd} has more than ${maxLength} bytes.`,
        'Is this the right file? The password must be the first line.',
      )
    // An empty line means an empty password, which some old keystores have.
    if (length === 0 && !ended)
      throw new PasswordError(
        `File descriptor ${fd} did not provide a password.`,
        `The input is empty. Pass the password, for example, with --password-fd ${fd} ${fd}< FILE.`,
      )
    return copyOf(line.subarray(0, end))
  } finally {
    wipe(line)
  }
}

function assertReadable(fd: number): void {
  if (fd === 1 || fd === 2)
    throw new PasswordError(
      `File descriptor ${fd} is an output.`,
      'Use 0, or 3 and above: --password-fd 3 3< FILE.',
    )
  const stats = statOrUndefined(fd)
  if (stats?.isDirectory())
    throw new PasswordError(
      `File descriptor ${fd} is a folder.`,
      `Pass a file: --password-fd ${fd} ${fd}< FILE.`,
    )
  if (stats === undefined || !isGiven(fd, stats))
    throw new PasswordError(
      `File descriptor ${fd} is not open.`,
      `In a shell, use --password-fd ${fd} ${fd}< FILE, or ${fd}< <(command). npx doesn't pass descriptors on. In a checkout, run node_modules/.bin/keyward.`,
    )
  if (isatty(fd))
    throw new PasswordError(
      `File descriptor ${fd} is the terminal, which would show the password.`,
      'Leave --password-fd out to type the password without showing it.',
    )
}

function statOrUndefined(fd: number): Stats | undefined {
  try {
    return fstatSync(fd)
  } catch {
    return undefined
  }
}

/**
 * Whether a password can come from this descriptor. Node keeps events and pipes
 * open for its own use. It holds both ends of these pipes, so nobody would ever
 * write a line to them.
 */
function isGiven(fd: number, stats: Stats): boolean {
  if (stats.isFile() || stats.isCharacterDevice() || stats.isSocket())
    return true
  if (!stats.isFIFO()) return false
  try {
    const pipe = readlinkSync(`/proc/self/fd/${fd}`)
    return !readdirSync('/proc/self/fd').some(
      (other) => isWritable(other) && linkOf(other) === pipe,
    )
  } catch {
    // Only Linux reports this.
    return true
  }
}

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    // This was the descriptor for reading the folder itself.
    return undefined
  }
}

function isWritable(fd: string): boolean {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')
    return /^flags:\s*[0-7]*1$/m.test(info)
  } catch {
    return false
  }
}

/**
 * Reads one byte at a time, because anything after the line belongs to another
 * reader.
 */
async function readLine(
  fd: number,
  line: Buffer,
): Promise<{ length: number; ended: boolean }> {
  try {
    for (let length = 0; length < line.length; length++) {
      if ((await readSome(fd, line, length, 1)) === 0)
        return { length, ended: false }
      if (line[length] === newline) return { length, ended: true }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new PasswordError(
      `File descriptor ${fd} can't be read (${code ?? 'unknown reason'}).`,
    )
  }
  return { length: line.length, ended: false }
}
