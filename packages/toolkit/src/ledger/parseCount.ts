import { InputError, quote } from '@keyward/core/errors'

/** Parses the nonce of `--new-ledger`. @throws InputError */
export function parseCount(text: string): bigint {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return BigInt(text)
  throw new InputError(`--new-ledger ${quote(text)} is not a valid count.`, {
    details:
      'Pass the number of transactions that the account has sent, in decimal. Without a number, the command reads the count from the chain.',
  })
}
