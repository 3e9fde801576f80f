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
      return message?.kind === 'sign-in'
        ? `sign in to ${message.signIn?.domain ?? 'a site that can’t be read'}`
        : `sign a message (${message?.kind})`
    default:
  }
  const name =
    kind === 'typedData'
      ? `sign ${typedData?.kind ?? `typed data of an unknown type ${typedData?.primaryType}`}`
      : (decoded?.signature?.name ??
        `call with bytes ${action.data.slice(0, 10)}`)
  const moved =
    flows === 'unknown'
      ? []
      : flows.map(
          (flow) =>
            ` ${formatAmount(policy, flow.asset, flow.amount)} to ${formatAddress(policy, flow.recipient)}`,
        )
  const token = to && createFindToken(policy, action.chain)(to)
  const place =
    moved.length > 0 && token !== undefined ? '' : ` on ${token?.symbol ?? who}`
  const paid = value > 0n ? ` with ${amount}` : ''
  return `${name}${moved.join(',')}${place}${paid}`
}
