import { type Action, most, zero } from './Action.js'
import type { Document } from './Document.js'
import { isUnlimited, safeDangers } from './dangers.js'
import { flowsOfTokens } from './tokens.js'
import {
  addressAt,
  booleanAt,
  bytesAt,
  itemsAt,
  numberAt,
  type Tuple,
  type Value,
} from './Value.js'

type Known = Pick<Action, 'flows' | 'dangers' | 'deadlines'>
type Domain = {
  chain: bigint | undefined
  to: string | undefined
  account: string | undefined
}

/** What the table of kinds says: outflows, deadlines; and dangers. */
export function kindFacts(
  kind: string | undefined,
  args: Tuple,
  { chain, to, account }: Domain,
  policy: Document,
): Known {
  const number = (path: string) => numberAt(args, path)
  const address = (path: string) => addressAt(args, path)
  const leave = (
    leaving: { token: string | undefined; amount: bigint; recipient: string }[],
    deadlines: bigint[],
    dangers: string[] = leaving.some(({ amount }) => isUnlimited(amount))
      ? ['unlimited-approval']
      : [],
  ): Known => ({
    flows: flowsOfTokens(
      policy,
      chain,
      leaving.map((one) => ({ ...one, token: one.token ?? '' })),
    ),
    dangers,
    deadlines,
  })
  const order = (
    token: string,
    amount: bigint,
    recipient: string,
    bought: string,
    deadline: bigint,
  ): Known => {
    const to = recipient === zero ? account : recipient
    const dangers = number(bought) === 0n ? ['order-for-nothing'] : []
    if (to === undefined)
      return { flows: 'unknown', dangers, deadlines: [deadline] }
    return leave(
      [{ token: address(token), amount, recipient: to }],
      [deadline],
      dangers,
    )
  }
  const each = (items: readonly Value[]) =>
    items.map((one) => ({
      token: addressAt(one, 'token'),
      amount: numberAt(one, 'amount'),
      recipient: address('spender'),
    }))
  const permitted = () => ({
    token: address('permitted.token'),
    amount: number('permitted.amount'),
    recipient: address('spender'),
  })
  switch (kind) {
    case 'Permit':
      return leave(
        [{ token: to, amount: number('value'), recipient: address('spender') }],
        [number('deadline')],
      )
    case 'Permit:dai': {
      const allowed = booleanAt(args, 'allowed')
      const expiry = number('expiry')
      return leave(
        allowed
          ? [{ token: to, amount: most, recipient: address('spender') }]
          : [],
        [expiry === 0n ? most : expiry],
        allowed ? ['approval-for-all'] : [],
      )
    }
    case 'TransferWithAuthorization':
    case 'ReceiveWithAuthorization':
      return leave(
        [{ token: to, amount: number('value'), recipient: address('to') }],
        [number('validBefore')],
      )
    case 'PermitSingle':
      return leave(
        [
          {
            token: address('details.token'),
            amount: number('details.amount'),
            recipient: address('spender'),
          },
        ],
        [number('sigDeadline'), number('details.expiration')],
      )
    case 'PermitBatch': {
      const details = itemsAt(args, 'details')
      return leave(each(details), [
        number('sigDeadline'),
        ...details.map((one) => numberAt(one, 'expiration')),
      ])
    }
    case 'PermitTransferFrom':
    case 'PermitWitnessTransferFrom':
      return leave([permitted()], [number('deadline')])
    case 'PermitBatchTransferFrom':
    case 'PermitBatchWitnessTransferFrom':
      return leave(each(itemsAt(args, 'permitted')), [number('deadline')])
    case 'Order':
      return order(
        'sellToken',
        number('sellAmount') + number('feeAmount'),
        address('receiver'),
        'buyAmount',
        number('validTo'),
      )
    case 'LimitOrder':
      return order(
        'makerToken',
        number('makerAmount'),
        address('maker'),
        'takerAmount',
        number('expiry'),
      )
    case 'Order:1inch': {
      // 40 bits behind 80; the extension's is the seventh from the top.
      const traits = number('makerTraits')
      const end = (traits / 2n ** 80n) % 2n ** 40n
      const extended = (traits / 2n ** 249n) % 2n === 1n
      const facts = order(
        'makerAsset',
        number('makingAmount'),
        address('receiver'),
        'takingAmount',
        end === 0n ? most : end,
      )
      return extended
        ? { ...facts, dangers: [...facts.dangers, 'order-extension'] }
        : facts
    }
    case 'SafeTx':
      return {
        flows: number('gasPrice') === 0n ? [] : 'unknown',
        dangers: safeDangers(args),
        deadlines: [],
      }
    case 'PackedUserOperation':
      return {
        flows: [{ asset: 'native', amount: costOf(args), recipient: to! }],
        dangers: bytesAt(args, 'initCode') === '0x' ? [] : ['init-code'],
        deadlines: [],
      }
    case 'SafeMessage':
      return { flows: [], dangers: ['wrapped-hash'], deadlines: [] }
    default:
      return { flows: 'unknown', dangers: [], deadlines: [] }
  }
}

function costOf(args: Tuple): bigint {
  const half = (hex: string, at: number) => {
    const digits = hex.slice(2 + at * 2, 2 + (at + 16) * 2)
    return digits.length === 32 ? BigInt(`0x${digits}`) : 0n
  }
  const limits = bytesAt(args, 'accountGasLimits')
  const paymaster = bytesAt(args, 'paymasterAndData')
  const gas =
    half(limits, 0) +
    half(limits, 16) +
    numberAt(args, 'preVerificationGas') +
    half(paymaster, 20) +
    half(paymaster, 36)
  return gas * half(bytesAt(args, 'gasFees'), 16)
}
