import { Message } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import { decodeText, readInput, sourceName } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { signatureText } from './signatureText.js'
import type { SignRequest } from './signInputs.js'
import { withSigningKey } from './withSigningKey.js'

/** Signs the bytes of the input as an EIP-191 message. */
export async function signMessage(
  terminal: Terminal,
  request: SignRequest & { hex: boolean },
): Promise<Result<{ signature: string; address: string }>> {
  const source = sourceName(request.in)
  const input = await readInput(terminal, request.in)
  const raw: `0x${string}` = request.hex
    ? readHex(decodeText(input, source), source)
    : `0x${input.toString('hex')}`
  const data = await withSigningKey(
    terminal,
    request,
    `a message of ${(raw.length - 2) / 2} bytes`,
    async (key) => ({
      signature: await Message.sign(key, { raw }),
      address: await key.getAddress(),
    }),
  )
  return { data, text: signatureText(data) }
}

function readHex(text: string, source: string): `0x${string}` {
  const digits = text.trim().replace(/^0x/, '')
  if (/^([0-9a-fA-F]{2})*$/.test(digits)) return `0x${digits.toLowerCase()}`
  throw new InputError(`${source} is not hex text, as --hex says.`, {
    details: 'An even number of hex digits is expected, 0x before them or not.',
  })
}
