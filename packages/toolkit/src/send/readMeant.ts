import type { Hex } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import { readCall, type TypedCall } from '@keyward/guard/calls'
import type { SendRequest } from '@keyward/sender'
import { currencyOf } from '../networks/index.js'
import { findToken, parseUnits, type Token } from '../node/index.js'
import { formatUnits } from '../text/formatUnits.js'
import { callText } from './callText.js'
import { fieldsOf, sendFields } from './fieldsOf.js'
import { readOperation } from './readOperation.js'
import type { SendOptions } from './SendOptions.js'

/** The transaction to send, as far as it is known before the confirmation. */
export type Meant = {
  /** The expiry in ms since 1970. */
  validUntil: number | undefined
  /**
   * @throws InputError, InvalidRequestError; an endpoint's errors for a token
   */
  complete(at: Place): Complete | Promise<Complete>
}

type Place = {
  urls: readonly string[] | undefined
  chainId: number
  from: string
}

type Complete = {
  /** Fields of the sender's event. */
  fields: Record<string, unknown>
  request: SendRequest.SendRequest
  /** Shown instead of amount and receiver if the call says more. */
  shown?: { text: string; decoded: string | undefined }
}

/**
 * Reads the typed options, including the call that they describe.
 *
 * @throws InputError, InvalidRequestError
 */
export function readMeant(options: SendOptions): Meant {
  const { token, call, to = '' } = options
  if (token !== undefined) return readToken(options, token)
  if (call.length === 0) {
    const complete = read(fieldsOf(sendFields, options))
    const { validUntil } = complete.request
    return { validUntil, complete: () => complete }
  }
  const [signature = '', ...given] = call
  const typed = readCall(signature, given, '--call')
  const isFree = options.amount === undefined && options.valueWei === undefined
  const complete = read({
    ...fieldsOf(sendFields, options),
    ...(isFree && { value_wei: '0' }),
    data: typed.data,
  })
  return {
    validUntil: complete.request.validUntil,
    complete: ({ chainId, from }) => ({
      ...complete,
      shown: {
        text: `${typed.signature.text} on ${to}`,
        decoded: decode(complete.request, typed, { from, chainId }),
      },
    }),
  }
}

function readToken(options: SendOptions, token: string): Meant {
  const { amount, to = '' } = options
  const { amount: _, to: __, ...rest } = options
  // All other errors must be reported before the confirmation.
  const { request } = read({
    ...fieldsOf(sendFields, { ...rest, amount: undefined, to }),
    value_wei: '0',
  })
  if (amount === undefined)
    throw new InputError('--token needs --amount.', {
      details: 'Pass the amount of the token to send, such as --amount 12.5.',
    })
  parseUnits(amount, 77, '--amount')
  return {
    validUntil: request.validUntil,
    async complete({ urls, chainId, from }) {
      const found = await findToken(token, { urls, chainId })
      const units = parseUnits(amount, found.decimals, '--amount')
      const typed = readCall(transfer, [to, String(units)], '--token')
      const complete = read({
        ...fieldsOf(sendFields, {
          ...rest,
          amount: undefined,
          to: found.address,
        }),
        ...{ value_wei: '0', data: typed.data },
      })
      return {
        ...complete,
        shown: {
          text: `${tokenText(found, units)} to ${to}`,
          decoded: decode(complete.request, typed, { from, chainId }),
        },
      }
    },
  }
}

const transfer = 'transfer(address,uint256)'

function tokenText({ symbol, decimals }: Token.Token, units: bigint): string {
  return `${formatUnits(units, decimals)} ${symbol} (${units} of the smallest unit; ${decimals} decimals)`
}

function read(fields: Record<string, unknown>): Complete {
  const { request } = readOperation('send', fields)
  return { fields, request }
}

/** Decodes the bytes that will be sent, not what was typed. */
function decode(
  { to, value }: SendRequest.SendRequest,
  { signature, values, data }: TypedCall,
  { from, chainId }: { from: string; chainId: number },
): string {
  return callText(
    {
      ...{ from: from.toLowerCase() as Hex, to: (to ?? '0x') as Hex },
      ...{ value, data, operation: 0, path: '', inner: [] },
      meaning: { kind: 'function', signature, values },
    },
    currencyOf(chainId),
  )
}
