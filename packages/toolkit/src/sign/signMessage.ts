import { Message } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import type { Io } from '../Io.js'
import { decodeText, readInput, sourceName } from '../readInput.js'
import { pluralize } from '../text/pluralize.js'
import { type KeyRequest, withSigningKey } from './withSigningKey.js'

/** The input to sign, and the key. */
export type SignRequest = KeyRequest & {
  /** A file, or - for standard input. */
  in: string
}

export type Signature = { signature: string; address: string }

/** Signs the input's bytes as an EIP-191 message. */
export async function signMessage(
  io: Io,
  request: SignRequest & { hex: boolean },
): Promise<Signature> {
  const source = sourceName(request.in)
  const input = await readInput(io, request.in)
  const raw: `0x${string}` = request.hex
    ? readHex(decodeText(input, source), source)
    : `0x${input.toString('hex')}`
  return withSigningKey(
    io,
    request,
    `a message of ${pluralize((raw.length - 2) / 2, 'byte')}`,
    async (key) => ({
      signature: await Message.sign(key, { raw }),
      address: await key.getAddress(),
    }),
  )
}

function readHex(text: string, source: string): `0x${string}` {
  const digits = text.trim().replace(/^0x/, '')
  if (/^([0-9a-fA-F]{2})*$/.test(digits)) return `0x${digits.toLowerCase()}`
  throw new InputError(`${source} is not hex text, although --hex was given.`, {
    details: 'Pass an even number of hex digits, with or without 0x.',
  })
}
