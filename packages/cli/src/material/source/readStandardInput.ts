import { InputError } from '../../InputError.js'
import type { Terminal } from '../../Terminal.js'
import { askSecret } from '../secret/askSecret.js'
import { wipe } from '../wipe.js'
import { maxKeyBytes } from './maxKeyBytes.js'

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
      : await readStream(terminal)
  if (bytes.length === 0)
    throw new InputError('Standard input gave no key.', {
      details: 'It ended at once. Give the key file by < FILE, or its path.',
    })
  return bytes
}

async function readStream(terminal: Terminal): Promise<Buffer> {
  const buffer = Buffer.alloc(maxKeyBytes)
  try {
    let length = 0
    for await (const chunk of terminal.stdin) {
      const part: Buffer =
        typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      const fits = length + part.length <= maxKeyBytes
      if (fits) length += part.copy(buffer, length)
      wipe(part)
      if (!fits)
        throw new InputError(`Standard input is over ${maxKeyBytes} bytes.`, {
          details: 'No key is that long; is it the right file?',
        })
    }
    const bytes = Buffer.alloc(length)
    buffer.copy(bytes, 0, 0, length)
    return bytes
  } finally {
    wipe(buffer)
  }
}
