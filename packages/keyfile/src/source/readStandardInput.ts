import { InputError } from '@keyward/core/errors'
import { allocate, copyOf } from '../allocate.js'
import type { Prompt } from '../Prompt.js'
import { wipe } from '../wipe.js'
import { maxKeyBytes } from './maxKeyBytes.js'
import { readToEnd } from './readSome.js'

/**
 * Reads all of standard input. From a terminal, reads one line without showing
 * it.
 *
 * @throws InputError if there is nothing, or too much.
 */
export async function readStandardInput(prompt: Prompt): Promise<Buffer> {
  const bytes =
    prompt.input.isTTY === true
      ? await prompt.ask('Private key in hex, or recovery phrase (not shown): ')
      : await readAll(prompt)
  if (bytes.length === 0)
    throw new InputError('Standard input contained no key.', {
      details:
        'The input ended immediately. Redirect the key file with < FILE, or ' +
        'pass the path of the file.',
    })
  return bytes
}

async function readAll({ input }: Prompt): Promise<Buffer> {
  const buffer = allocate(maxKeyBytes + 1)
  try {
    const length =
      'fd' in input && typeof input.fd === 'number'
        ? await readToEnd(input.fd, buffer)
        : await readStream(input, buffer)
    if (length > maxKeyBytes)
      throw new InputError(
        `Standard input has more than ${maxKeyBytes} bytes.`,
        {
          details: 'No key is that long. Is this the right input?',
        },
      )
    return copyOf(buffer.subarray(0, length))
  } finally {
    wipe(buffer)
  }
}

/**
 * Used only for input that isn't the process's standard input, because streams
 * leave copies behind.
 */
async function readStream(
  input: Prompt['input'],
  buffer: Buffer,
): Promise<number> {
  let length = 0
  for await (const chunk of input) {
    const part: Buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    length += part.copy(buffer, length)
    wipe(part)
    if (length === buffer.length) break
  }
  return length
}
