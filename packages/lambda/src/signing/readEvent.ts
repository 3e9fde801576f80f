import {
  AddressField,
  ChainId,
  EtherAmount,
  Fields,
  type Hex,
  HexField,
  NetworkData,
  type Parser,
  Problems,
  Quantity,
} from '@keyward/core'
import * as Caller from '../runtime/Caller.js'
import type { Config } from '../runtime/config.js'

/** The fields of `sign` that both functions share. */
const shared = [
  'operation',
  'dst_address',
  'amount',
  'value_wei',
  'nonce',
  'gas',
  'data',
  'chainid',
]

/** The part of the transaction that comes from the shared fields. */
export type SharedFields = {
  chainId: number
  nonce: bigint
  to: Hex
  value: bigint
  data: Hex
  gas: bigint
}

/** A function's own part of the event. */
export type OwnFields<own> = {
  /** Names of its fields. */
  names: readonly string[]
  /** Name of the maximum price. */
  priceName: string
  /** Whether the fields need more gas than a plain transfer. */
  needsGas?: (fields: Fields.Fields) => boolean
  read: (fields: Fields.Fields, problems: Problems.Problems) => Read<own>
  /** Maximum price per unit of gas; undefined if it could not be read. */
  price: (own: Read<own>) => bigint | undefined
}

/** The fields that were read; undefined if there was a problem. */
type Read<fields> = { [name in keyof fields]: fields[name] | undefined }

/**
 * Reads an event. Reports all problems at once, before calling KMS.
 *
 * @returns `status`, or the fields of the transaction to sign.
 * @throws InvalidRequestError
 */
export function readEvent<own>(
  event: unknown,
  config: Config,
  ownFields: OwnFields<own>,
): 'status' | (SharedFields & own) {
  const problems = Problems.create('event')
  const isStatus = Caller.isStatus(event)
  const known = isStatus ? ['operation'] : [...shared, ...ownFields.names]
  const fields = Fields.open(event, known, '', problems)
  const transaction =
    fields === undefined || isStatus
      ? undefined
      : readSign(fields, config, ownFields, problems)
  problems.assertNone()
  // If there are no problems, every field was read.
  return isStatus ? 'status' : (transaction as SharedFields & own)
}

function readSign<own>(
  fields: Fields.Fields,
  config: Config,
  ownFields: OwnFields<own>,
  problems: Problems.Problems,
) {
  if (fields.required('operation', parseOperation) === undefined) {
    // An event without any field of `sign` has an unknown purpose.
    const others = known(ownFields).filter((name) => fields.has(name))
    if (others.length === 0) return undefined
  }
  const data = fields.optional('data', HexField.data)
  const gas = readGas(fields, data, ownFields, config, problems)
  const transaction = {
    chainId: readChainId(fields, config, problems),
    nonce: fields.required('nonce', Quantity.nonce),
    to: fields.required('dst_address', AddressField.parseNonZero),
    value: readValue(fields, problems),
    data: data ?? '0x',
    gas,
  }
  const own = ownFields.read(fields, problems)
  const price = ownFields.price(own)
  if (gas !== undefined && price !== undefined && gas * price > config.maxFee)
    problems.add(
      ownFields.priceName,
      `allows a fee of ${EtherAmount.fromWei(gas * price)} ether (price x gas); allowed: up to ${EtherAmount.fromWei(config.maxFee)} ether (MAX_TX_FEE_ETHER of the function)`,
    )
  return { ...transaction, ...own }
}

function known<own>(ownFields: OwnFields<own>): string[] {
  const names = [...shared, ...ownFields.names]
  return names.filter((name) => name !== 'operation')
}

const parseOperation: Parser<'sign'> = (value, path, problems) =>
  value === 'sign' ? value : problems.wrong(path, value, '"status" or "sign"')

/** 21000 is the cost of the cheapest transaction; nothing runs with less. */
const gasOfTransfer = 21_000n
/** Nodes store gas in 64 bits. */
const parseGas = Quantity.between(gasOfTransfer, 2n ** 64n - 1n)

function readGas<own>(
  fields: Fields.Fields,
  data: Hex | undefined,
  ownFields: OwnFields<own>,
  { network }: Config,
  problems: Problems.Problems,
): bigint | undefined {
  if (fields.raw('gas') !== undefined) return fields.required('gas', parseGas)
  const isPlain = (data ?? '0x') === '0x' && !ownFields.needsGas?.(fields)
  const { transferGas } = NetworkData.get(network.chainId)
  if (isPlain && transferGas !== undefined) return transferGas
  if (isPlain)
    return problems.add(
      'gas',
      `is missing; allowed: the gas of a transfer on chain ${network.chainId}, from eth_estimateGas (not always ${gasOfTransfer})`,
    )
  return problems.add(
    'gas',
    `is missing; allowed: the gas for the data and access list, from eth_estimateGas (the default of ${gasOfTransfer} is only for plain transfers)`,
  )
}

function readChainId(
  fields: Fields.Fields,
  { network }: Config,
  problems: Problems.Problems,
): number {
  const chainId = fields.optional('chainid', ChainId.parse)
  if (chainId !== undefined && chainId !== network.chainId)
    problems.wrong(
      'chainid',
      chainId,
      `${network.chainId}, the chain of this function (ETH_NETWORK)`,
    )
  return network.chainId
}

function readValue(
  fields: Fields.Fields,
  problems: Problems.Problems,
): bigint | undefined {
  const amount = fields.optional('amount', EtherAmount.parse)
  const wei = fields.optional('value_wei', parseWei)
  if (fields.raw('amount') === undefined) {
    if (fields.raw('value_wei') !== undefined) return wei
    return EtherAmount.parse(undefined, 'amount', problems)
  }
  if (fields.raw('value_wei') === undefined) return amount
  return problems.add(
    'value_wei',
    "can't be combined with amount; allowed: one of the two",
  )
}

/**
 * Accepts only a string, so that an amount in ether is not mistaken for wei.
 */
const parseWei: Parser<bigint> = (value, path, problems) =>
  typeof value === 'string'
    ? Quantity.uint256(value, path, problems)
    : problems.wrong(
        path,
        value,
        'an integer from 0 to 2^256-1 in wei, as a decimal or 0x string',
      )
