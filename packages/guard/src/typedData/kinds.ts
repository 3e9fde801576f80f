import type { Hex } from '@keyward/core'
import type { Flow } from '../actions/Action.js'
import type { Danger } from '../actions/Danger.js'
import { type FindAsset, toFlows } from '../actions/flowsOf.js'
import { isWithoutEnd } from '../calls/approvals.js'
import { refundsOf } from '../calls/refundsOf.js'

type Struct = Readonly<Record<string, unknown>>

/** Facts about a kind of typed data. */
export type Kind = {
  /**
   * The type exactly as EIP-712 encodes it, or a pattern for kinds with a
   * witness.
   */
  readonly encodeType: string | RegExp
  /** @param contract - The contract that the domain names. */
  flows(
    message: Struct,
    find: FindAsset,
    contract: Hex | undefined,
    owner: Hex | undefined,
  ): readonly Flow[] | 'unknown'
  /** Seconds since 1970. */
  deadlines(message: Struct): readonly bigint[]
  dangers(message: Struct): readonly Danger[]
}

const never = 2n ** 256n - 1n
const of = <value>(message: Struct, name: string) => message[name] as value
const structs = (message: Struct, name: string) => of<Struct[]>(message, name)

/** An approval or transfer of the domain's own token. */
function ofDomain(
  encodeType: string,
  amount: string,
  recipient: string,
  deadline: string,
): Kind {
  return {
    encodeType,
    flows: (message, find, contract) =>
      contract === undefined
        ? 'unknown'
        : toFlows(find, [
            [contract, of(message, amount), of(message, recipient)],
          ]),
    deadlines: (message) => [of(message, deadline)],
    dangers: (message) => unlimited([of(message, amount)]),
  }
}

function unlimited(amounts: readonly bigint[]): Danger[] {
  return amounts.some(isWithoutEnd) ? ['unlimited-approval'] : []
}

const details =
  'PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)'
const permitted = 'TokenPermissions(address token,uint256 amount)'

function ofPermit2(
  encodeType: string | RegExp,
  list: (message: Struct) => readonly Struct[],
  deadline: string,
): Kind {
  return {
    encodeType,
    flows: (message, find) =>
      toFlows(
        find,
        list(message).map((one) => [
          of(one, 'token'),
          of(one, 'amount'),
          of(message, 'spender'),
        ]),
      ),
    deadlines: (message) => [
      of(message, deadline),
      ...list(message).flatMap((one) =>
        'expiration' in one ? [of<bigint>(one, 'expiration')] : [],
      ),
    ],
    dangers: (message) =>
      unlimited(list(message).map((one) => of(one, 'amount'))),
  }
}

/**
 * The sold asset goes to any filler; the bought asset goes to one recipient.
 */
function ofOrder(
  encodeType: string,
  names: {
    sells: string
    amount: readonly string[]
    buys: string
    receiver: string
    /** The field, or a function that reads it. */
    deadline: string | ((message: Struct) => bigint)
    dangers?: (message: Struct) => readonly Danger[]
  },
): Kind {
  return {
    encodeType,
    flows: (message, find, _contract, owner) => {
      const receiver = of<Hex>(message, names.receiver)
      const recipient = /^0x0{40}$/.test(receiver) ? owner : receiver
      const amount = names.amount.reduce(
        (sum, name) => sum + of<bigint>(message, name),
        0n,
      )
      return recipient === undefined
        ? 'unknown'
        : toFlows(find, [[of(message, names.sells), amount, recipient]])
    },
    deadlines: (message) => [
      typeof names.deadline === 'string'
        ? of(message, names.deadline)
        : names.deadline(message),
    ],
    dangers: (message) => [
      ...(of(message, names.buys) === 0n
        ? (['order-for-nothing'] as const)
        : []),
      ...(names.dangers?.(message) ?? []),
    ],
  }
}

/** Extracts bits from the number into which 1inch packs several fields. */
const bitsOf = (message: Struct, from: bigint, count: number) =>
  BigInt.asUintN(count, of<bigint>(message, 'makerTraits') >> from)

const nothing = {
  flows: () => [],
  deadlines: () => [],
  dangers: () => [],
} as const

/**
 * Kinds of typed data, by their type's name and, if several share it, a variant
 * after a colon. A different type with the same name doesn't match. Sources:
 * EIP-2612, EIP-3009, Permit2, CoW Protocol, 0x, 1inch, Safe, ERC-4337.
 */
export const kinds: Readonly<Record<string, Kind>> = {
  Permit: ofDomain(
    'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)',
    'value',
    'spender',
    'deadline',
  ),
  'Permit:dai': {
    encodeType:
      'Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)',
    flows: (message, find, contract) =>
      !of<boolean>(message, 'allowed')
        ? []
        : contract === undefined
          ? 'unknown'
          : toFlows(find, [[contract, never, of(message, 'spender')]]),
    // 0 means no end.
    deadlines: (message) => [of<bigint>(message, 'expiry') || never],
    dangers: (message) =>
      of<boolean>(message, 'allowed') ? ['approval-for-all'] : [],
  },
  TransferWithAuthorization: ofDomain(
    'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
    'value',
    'to',
    'validBefore',
  ),
  ReceiveWithAuthorization: ofDomain(
    'ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
    'value',
    'to',
    'validBefore',
  ),
  PermitSingle: ofPermit2(
    `PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)${details}`,
    (message) => [of(message, 'details')],
    'sigDeadline',
  ),
  PermitBatch: ofPermit2(
    `PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)${details}`,
    (message) => structs(message, 'details'),
    'sigDeadline',
  ),
  PermitTransferFrom: ofPermit2(
    `PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)${permitted}`,
    (message) => [of(message, 'permitted')],
    'deadline',
  ),
  PermitBatchTransferFrom: ofPermit2(
    `PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline)${permitted}`,
    (message) => structs(message, 'permitted'),
    'deadline',
  ),
  PermitWitnessTransferFrom: ofPermit2(
    /^PermitWitnessTransferFrom\(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,[A-Za-z_]\w* witness\)(?:.*\))?TokenPermissions\(address token,uint256 amount\)/,
    (message) => [of(message, 'permitted')],
    'deadline',
  ),
  PermitBatchWitnessTransferFrom: ofPermit2(
    /^PermitBatchWitnessTransferFrom\(TokenPermissions\[\] permitted,address spender,uint256 nonce,uint256 deadline,[A-Za-z_]\w* witness\)(?:.*\))?TokenPermissions\(address token,uint256 amount\)/,
    (message) => structs(message, 'permitted'),
    'deadline',
  ),
  Order: ofOrder(
    'Order(address sellToken,address buyToken,address receiver,uint256 sellAmount,uint256 buyAmount,uint32 validTo,bytes32 appData,uint256 feeAmount,string kind,bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)',
    {
      ...{ sells: 'sellToken', amount: ['sellAmount', 'feeAmount'] },
      ...{ buys: 'buyAmount', receiver: 'receiver', deadline: 'validTo' },
    },
  ),
  LimitOrder: ofOrder(
    'LimitOrder(address makerToken,address takerToken,uint128 makerAmount,uint128 takerAmount,uint128 takerTokenFeeAmount,address maker,address taker,address sender,address feeRecipient,bytes32 pool,uint64 expiry,uint256 salt)',
    {
      ...{ sells: 'makerToken', amount: ['makerAmount'] },
      ...{ buys: 'takerAmount', receiver: 'maker', deadline: 'expiry' },
    },
  ),
  'Order:1inch': ofOrder(
    'Order(uint256 salt,address maker,address receiver,address makerAsset,address takerAsset,uint256 makingAmount,uint256 takingAmount,uint256 makerTraits)',
    {
      ...{ sells: 'makerAsset', amount: ['makingAmount'] },
      ...{ buys: 'takingAmount', receiver: 'receiver' },
      // 0 means no end.
      deadline: (message) => bitsOf(message, 80n, 40) || never,
      dangers: (message) =>
        bitsOf(message, 249n, 1) === 0n ? [] : ['order-extension'],
    },
  ),
  SafeTx: {
    ...nothing,
    encodeType:
      'SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)',
    flows: (message) => (of(message, 'gasPrice') === 0n ? [] : 'unknown'),
    dangers: (message) => {
      const refunds = refundsOf((name) => of(message, name))
      return [
        ...(refunds.length > 0 ? (['refund'] as const) : []),
        ...(of(message, 'safeTxGas') === 0n ? [] : (['safe-tx-gas'] as const)),
      ]
    },
  },
  PackedUserOperation: {
    ...nothing,
    encodeType:
      'PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)',
    flows: (message, _find, contract) =>
      contract === undefined ? 'unknown' : [feeOf(message, contract)],
    dangers: (message) =>
      of(message, 'initCode') === '0x' ? [] : ['init-code'],
  },
  SafeMessage: {
    ...nothing,
    encodeType: 'SafeMessage(bytes message)',
    dangers: () => ['wrapped-hash'],
  },
}

/** The maximum cost of an operation for its account. */
function feeOf(message: Struct, recipient: Hex): Flow {
  const half = (name: string, at: 0 | 1) =>
    BigInt(`0x${of<Hex>(message, name).slice(2 + at * 32, 34 + at * 32)}`)
  const paymaster = of<Hex>(message, 'paymasterAndData').slice(2)
  // Two 16-byte gas limits follow the paymaster's 20 bytes.
  const limits = [40, 72]
    .map((at) => paymaster.slice(at, at + 32))
    .map((hex) => (hex.length === 32 ? BigInt(`0x${hex}`) : 0n))
  const gas = [
    half('accountGasLimits', 0),
    half('accountGasLimits', 1),
    of<bigint>(message, 'preVerificationGas'),
    ...limits,
  ].reduce((sum, one) => sum + one, 0n)
  return { asset: 'native', amount: gas * half('gasFees', 1), recipient }
}
