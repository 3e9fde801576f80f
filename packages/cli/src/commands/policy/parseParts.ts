import { InputError, quote } from '@keyward/core/errors'
import type { Parse } from '../../program/Input.js'
import { parseAddress } from '../../program/parsers.js'

type Token = { symbol: string; address: string; decimals: number }
type Payee = { name: string; address: string }

/** `USDC=0x...:6`. @throws InputError, InvalidRequestError */
export const parseToken: Parse<Token> = async (text, name) => {
  const [, symbol = '', address = '', decimals = ''] =
    /^([A-Za-z][\w.-]{0,19})=(0x[0-9a-fA-F]{40}):(\d{1,2})$/.exec(text) ?? []
  if (symbol === '' || Number(decimals) > 36)
    throw new InputError(`${name} ${quote(text)} is not a valid token.`, {
      details: 'Pass SYMBOL=ADDRESS:DECIMALS, with at most 36 decimals.',
    })
  return {
    symbol,
    address: await checksummed(address, name),
    decimals: Number(decimals),
  }
}

/** `ACME=0x...`. @throws InputError, InvalidRequestError */
export const parsePayee: Parse<Payee> = async (text, name) => {
  const [, payee = '', address = ''] =
    /^(.{1,80})=(0x[0-9a-fA-F]{40})$/.exec(text) ?? []
  if (payee === '')
    throw new InputError(`${name} ${quote(text)} is not a valid payee.`, {
      details:
        'Pass NAME=ADDRESS, where ADDRESS is 0x followed by 40 hex digits.',
    })
  return { name: payee, address: await checksummed(address, name) }
}

/** An alias of a function, as a policy can name it. @throws InvalidRequestError */
export const parsePolicyCaller: Parse<string> = async (text, name) => {
  const { Problems } = await import('@keyward/core')
  const { parseCaller } = await import('@keyward/guard/authoring')
  const problems = Problems.create('value')
  parseCaller(text, name, problems)
  problems.assertNone()
  return text
}

async function checksummed(text: string, name: string): Promise<string> {
  const { AddressField } = await import('@keyward/core')
  const address = await parseAddress(text, name)
  return AddressField.toChecksum(address as `0x${string}`)
}
