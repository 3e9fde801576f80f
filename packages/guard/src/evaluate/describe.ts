import { escapeInvisible } from '@keyward/core/errors'
import type { Action } from '../actions/Action.js'
import { createFindToken } from '../actions/findToken.js'
import type { Policy } from '../policy/Policy.js'
import { formatAddress, formatAmount } from './format.js'

/**
 * An action in plain words: `transfer 1,250.5 USDC to 0x7099...79C8 (ACME)`.
 */
export function describe(action: Action, policy: Policy): string {
  const { kind, to, value, decoded, flows, message, typedData } = action
  const who = to === undefined ? 'nobody' : formatAddress(policy, to)
  const amount = formatAmount(policy, 'native', value)
  switch (kind) {
    case 'payment':
      return `pay ${amount} to ${who}`
    case 'create':
      return `create a contract${value > 0n ? ` with ${amount}` : ''}`
    case 'authorization':
      return `run the code of ${who} as the account`
    case 'digest':
      return 'sign a bare 32-byte digest, which nobody can read'
    case 'message':
      if (message?.kind !== 'sign-in')
        return `sign a message (${message?.kind})`
      return message.signIn === undefined
        ? 'sign in to a site, with a message that does not follow EIP-4361'
        : `sign in to ${message.signIn.domain}`
    default:
  }
  const token = to && createFindToken(policy, action.chain)(to)
  const place = token?.symbol ?? who
  const moves = (flows === 'unknown' ? [] : flows).map(
    (flow) =>
      `${formatAmount(policy, flow.asset, flow.amount)} to ${formatAddress(policy, flow.recipient)}`,
  )
  const moved =
    moves.length === 0 ? '' : `, which can move ${moves.join(' and ')}`
  if (kind === 'typedData') {
    const type =
      typedData?.kind === undefined
        ? `the unknown type ${escapeInvisible(typedData?.primaryType ?? '')}`
        : `the type ${typedData.kind}`
    return `sign typed data of ${type}${to === undefined ? '' : ` for ${place}`}${moved}`
  }
  const paid = value > 0n ? ` with ${amount}` : ''
  const name = decoded?.signature?.name
  if (name === undefined)
    return `call ${place}${paid}${paid && ' and'} with ${describeBytes(action)}`
  return name === 'transfer' && moves.length > 0 && token !== undefined
    ? `transfer ${moves.join(' and ')}${paid}`
    : `call ${name} on ${place}${paid}${moved}`
}

/** The data of a call that no known function can decode. */
export function describeBytes({ data }: Action): string {
  if (data === '0x') return 'no data'
  const start = data.length > 10 ? `${data.slice(0, 10)}...` : data
  return `data that can't be decoded (${start})`
}
