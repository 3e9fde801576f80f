import { InputError } from '../../InputError.js'
import type { Terminal } from '../../Terminal.js'
import { allocate, copyOf } from '../allocate.js'
import { askSecret } from '../secret/askSecret.js'
import { wipe } from '../wipe.js'
import { maxKeyBytes } from './maxKeyBytes.js'
import { readToEnd } from './readSome.js'

/**
 * All of standard input. From a person one line, which is not shown.
 *
 * @throws InputError when there is nothing, or too much.
 */
export async function readStandardInput(terminal: Terminal): Promise<Buffer> {
  const bytes =
    terminal.stdin.isTTY === true
      ? await askSecret(
          terminal,
          'Private key in hex, or recovery phrase (not shown): ',
        )
      : await readAll(terminal)
  if (bytes.length === 0)
    throw new InputError('Standard input gave no key.', {
      details: 'It ended at once. Give the key file by < FILE, or its path.',
    })
  return bytes
}

async function readAll({ stdin }: Terminal): Promise<Buffer> {
  const buffer = allocate(maxKeyBytes + 1)
  try {
    const length =
      'fd' in stdin && typeof stdin.fd === 'number'
        ? await readToEnd(stdin.fd, buffer)
        : await readStream(stdin, buffer)
    if (length > maxKeyBytes)
      throw new InputError(`Standard input is over ${maxKeyBytes} bytes.`, {
        details: 'No key is that long; is it the right file?',
      })
    return copyOf(buffer.subarray(0, length))
  } finally {
    wipe(buffer)
  }
}

/** Only what is no process's standard input: streams leave copies behind. */
async function readStream(
  stdin: Terminal['stdin'],
  buffer: Buffer,
): Promise<number> {
  let length = 0
  for await (const chunk of stdin) {
    const part: Buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    length += part.copy(buffer, length)
    wipe(part)
    if (length === buffer.length) break
  }
  return length
}
