import { Transaction } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import {
  decodeText,
  note,
  parseJson,
  readInput,
  sourceName,
} from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { recoverSigner } from './recoverSigner.js'

/**
 * Checks that a signature is an address's. Who it was instead, and why a
 * transaction is none, goes to stderr.
 */
export async function verifySignature(
  terminal: Terminal,
  options: { address: string; in: string },
): Promise<Result<{ valid: boolean; address: string }>> {
  const { address } = options
  const source = sourceName(options.in)
  const input = await readInput(terminal, options.in)
  const text = decodeText(input, source).trim()
  const signer = text.startsWith('{')
    ? await recoverSigner(parseJson(input, source))
    : await senderOf(terminal, text, source)
  const valid = signer === address
  if (signer !== undefined && !valid) note(terminal, `Signed by ${signer}.`)
  return {
    data: { valid, address },
    text: valid
      ? `valid: signed by ${address}`
      : `invalid: not signed by ${address}`,
    exitCode: valid ? 0 : 1,
  }
}

async function senderOf(
  terminal: Terminal,
  text: string,
  source: string,
): Promise<string | undefined> {
  // The text is never quoted: it may be a key, and a signed transaction is
  // money to whoever reads it.
  if (!/^0x(?:[0-9a-fA-F]{2})+$/.test(text))
    throw new InputError(`${source} is neither a transaction nor JSON.`, {
      details:
        'Give a signed transaction as 0x and hex digits, or JSON ' +
        '{"message","signature"} or {"typedData","signature"}.',
    })
  try {
    const { from } = await Transaction.decode(text as `0x${string}`)
    return from
  } catch (error) {
    if (!(error instanceof Transaction.InvalidTransactionError)) throw error
    note(terminal, error.shortMessage)
    return undefined
  }
}
