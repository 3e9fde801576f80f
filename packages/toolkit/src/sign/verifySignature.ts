import { Transaction } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import { type Io, note } from '../Io.js'
import { decodeText, parseJson, readInput, sourceName } from '../readInput.js'
import { recoverSigner } from './recoverSigner.js'

/**
 * Checks whether an address made a signature. Notes the actual signer, or why a
 * transaction is invalid.
 */
export async function verifySignature(
  io: Io,
  options: { address: string; in: string },
): Promise<boolean> {
  const { address } = options
  const source = sourceName(options.in)
  const input = await readInput(io, options.in)
  const text = decodeText(input, source).trim()
  const signer = text.startsWith('{')
    ? await recoverSigner(parseJson(input, source))
    : await senderOf(io, text, source)
  const valid = signer === address
  if (signer !== undefined && !valid) note(io, `Signed by ${signer}.`)
  return valid
}

async function senderOf(
  io: Io,
  text: string,
  source: string,
): Promise<string | undefined> {
  // Never quote the text: it may be a key, or a signed transaction, which
  // anyone who reads it can broadcast.
  if (!/^0x(?:[0-9a-fA-F]{2})+$/.test(text))
    throw new InputError(`${source} is neither a transaction nor JSON.`, {
      details:
        'Pass a signed transaction as 0x and hex digits, or JSON ' +
        '{"message","signature"} or {"typedData","signature"}.',
    })
  try {
    const { from } = await Transaction.decode(text as `0x${string}`)
    return from
  } catch (error) {
    if (!(error instanceof Transaction.InvalidTransactionError)) throw error
    note(io, error.shortMessage)
    return undefined
  }
}
