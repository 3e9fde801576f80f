import {
  AddressField,
  ChainId,
  Fields,
  HexField,
  type Network,
  type Parser,
  Problems,
  Quantity,
  type SigningRequest,
  TypedDataRequest,
} from '@keyward/core'
import * as Caller from '../runtime/Caller.js'

const namesOf = {
  sign_message: ['message', 'message_hex'],
  sign_typed_data: ['typed_data'],
  sign_authorization: ['address', 'nonce', 'chainid'],
} as const
export type MessageOperation = keyof typeof namesOf
const operations = Object.keys(namesOf) as MessageOperation[]

/**
 * Reads an event of the function that signs anything but transactions.
 *
 * @returns `status`, or the request to sign
 * @throws InvalidRequestError
 */
export function readMessageEvent(
  event: unknown,
  network: Network.Network,
): 'status' | { operation: MessageOperation; request: SigningRequest } {
  const problems = Problems.create('event')
  const isStatus = Caller.isStatus(event)
  const came = (event as { operation?: unknown } | null)?.operation
  const operation = operations.find((name) => name === came)
  const known = isStatus
    ? []
    : operation
      ? namesOf[operation]
      : Object.values(namesOf).flat()
  const fields = Fields.open(event, ['operation', ...known], '', problems)
  if (fields !== undefined && operation === undefined && !isStatus)
    problems.wrong(
      'operation',
      came,
      ['status', ...operations].map((name) => `"${name}"`).join(', '),
    )
  const request =
    fields && operation && readers[operation](fields, problems, network)
  problems.assertNone()
  if (isStatus) return 'status'
  // If there are no problems, everything was read.
  return { operation, request } as {
    operation: MessageOperation
    request: SigningRequest
  }
}

type Reader = (
  fields: Fields.Fields,
  problems: Problems.Problems,
  network: Network.Network,
) => SigningRequest | undefined

const readers: Record<MessageOperation, Reader> = {
  sign_message(fields, problems) {
    const text = fields.optional('message', parseText)
    const raw = fields.optional('message_hex', HexField.data)
    const given = ['message', 'message_hex'].filter(
      (name) => fields.raw(name) !== undefined,
    )
    if (given.length !== 1)
      return problems.add(
        'message',
        `${given.length === 0 ? 'is missing' : "can't be combined with message_hex"}; ` +
          'allowed: a string as message, or bytes as message_hex',
      )
    if (text !== undefined) return { kind: 'message', message: text }
    return raw && { kind: 'message', message: { raw } }
  },
  sign_typed_data: (fields) => ({
    kind: 'typedData',
    typedData: TypedDataRequest.fromJson(fields.raw('typed_data')),
  }),
  sign_authorization(fields, problems, network) {
    const address = fields.required('address', AddressField.parse)
    const nonce = fields.required('nonce', Quantity.nonce)
    const chainId = fields.optional('chainid', parseChain)
    const isOther =
      chainId !== undefined && ![0, network.chainId].includes(chainId)
    if (isOther)
      return problems.wrong(
        'chainid',
        chainId,
        `${network.chainId}, the chain of this function (ETH_NETWORK), or 0 for every chain`,
      )
    if (address === undefined || nonce === undefined) return undefined
    const authorization = {
      ...{ address, nonce, chainId: chainId ?? network.chainId },
    }
    return { kind: 'authorization', authorization }
  },
}

export const parseText: Parser<string> = (value, path, problems) =>
  typeof value === 'string' ? value : problems.wrong(path, value, 'a string')

/** A chain id of 0 means every chain, permanently. */
const parseChain: Parser<number> = (value, path, problems) =>
  value === 0 || value === '0' ? 0 : ChainId.parse(value, path, problems)
