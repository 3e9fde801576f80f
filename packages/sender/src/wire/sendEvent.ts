import {
  AccessListField,
  AddressField,
  ChainId,
  EtherAmount,
  Fields,
  type Hex,
  HexField,
  type Parser,
  Problems,
  Quantity,
} from '@keyward/core'
import {
  assertFees,
  parseFee,
  parseFlag,
  parseGas,
  parseKey,
  parseSpeed,
} from '../request/parsers.js'
import type { SendRequest } from '../request/SendRequest.js'

/** Fields of the event, without `operation`, which callers read themselves. */
export const names = [
  'idempotency_key',
  'dst_address',
  'amount',
  'value_wei',
  'data',
  'gas',
  'access_list',
  'chainid',
  'type',
  'speed',
  'max_fee_per_gas',
  'max_priority_fee_per_gas',
  'exact_fee',
  'valid_until',
  'not_a_repeat',
] as const

export type Limits = {
  chainId: number
  /** Whether `dst_address` may be missing. @default false */
  allowCreation?: boolean | undefined
}

/**
 * Reads the fields of `send`: those of the EIP-1559 signer without the nonce,
 * plus the sender's own. Reports all errors at once.
 *
 * @throws InvalidRequestError
 * @example
 * SendRequest.fromEvent(
 *   { idempotency_key: 'order-1', dst_address: '0x…', amount: '0.1' },
 *   { chainId: 31337 },
 * )
 */
export function fromEvent(event: unknown, limits: Limits): SendRequest {
  const problems = Problems.create('event')
  const known = ['operation', ...names]
  const fields = Fields.open(event, known, '', problems)
  const request = fields && read(fields, limits, problems)
  problems.assertNone()
  // If there are no problems, every field has been read.
  return request as SendRequest
}

/** Like {@link fromEvent}, for an event that is already open. */
export function read(
  fields: Fields.Fields,
  limits: Limits,
  problems: Problems.Problems,
): SendRequest | undefined {
  const before = problems.count()
  readChain(fields, limits, problems)
  fields.optional('type', parseType)
  const data = fields.optional('data', HexField.data)
  const request = {
    idempotencyKey: fields.required('idempotency_key', parseKey),
    to: readTo(fields, limits, problems),
    value: readValue(fields, problems),
    data: data ?? '0x',
    gas: fields.optional('gas', parseGas),
    accessList: fields.optional('access_list', AccessListField.parse) ?? [],
    speed: fields.optional('speed', parseSpeed) ?? 'normal',
    maxFeePerGas: fields.optional('max_fee_per_gas', parseFee),
    maxPriorityFeePerGas: fields.optional(
      'max_priority_fee_per_gas',
      Quantity.uint256,
    ),
    exactFee: fields.optional('exact_fee', parseFlag) || undefined,
    validUntil: fields.optional('valid_until', parseTime),
    notARepeat: fields.optional('not_a_repeat', parseFlag) || undefined,
  }
  assertFees(
    request,
    ['max_fee_per_gas', 'max_priority_fee_per_gas', 'exact_fee'],
    problems,
  )
  if (problems.count() > before) return undefined
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined),
  ) as SendRequest
}

const parseType: Parser<2> = (value, path, problems) => {
  if (Quantity.read(value) === 2n || value === 'eip1559') return 2
  return problems.wrong(
    path,
    value,
    '2, or nothing (on a chain without a base fee, a legacy transaction is used automatically)',
  )
}

/** Seconds since 1970, or an RFC 3339 time in UTC. */
const parseTime: Parser<number> = (value, path, problems) => {
  const allowed =
    'seconds since 1970, or a time in UTC such as "2026-11-25T12:00:00Z"'
  const seconds = Quantity.read(value)
  if (seconds !== undefined)
    // A time given in milliseconds would be thousands of years ahead and limit
    // nothing.
    return seconds >= 0n && seconds < 100_000_000_000n
      ? Number(seconds) * 1000
      : problems.wrong(path, value, allowed)
  const time = typeof value === 'string' ? readTime(value) : undefined
  return time ?? problems.wrong(path, value, allowed)
}

/** RFC 3339 in UTC; undefined for a day or an hour that doesn't exist. */
function readTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(text))
    return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time)) return undefined
  // The engine reads 30 February as a day in March, and 24:00 as the next day.
  const seconds = new Date(time).toISOString().slice(0, 19)
  return text.startsWith(seconds) ? time : undefined
}

function readChain(
  fields: Fields.Fields,
  { chainId }: Limits,
  problems: Problems.Problems,
): void {
  const came = fields.optional('chainid', ChainId.parse)
  if (came !== undefined && came !== chainId)
    problems.wrong(
      'chainid',
      came,
      `${chainId}, the chain of this sender (ETH_NETWORK)`,
    )
}

function readTo(
  fields: Fields.Fields,
  { allowCreation }: Limits,
  problems: Problems.Problems,
): Hex | undefined {
  // A null may come from a forgotten variable.
  if (fields.raw('dst_address') !== undefined)
    return fields.optional('dst_address', AddressField.parseNonZero)
  if (allowCreation !== true)
    return problems.wrong(
      'dst_address',
      undefined,
      'an address (this sender is not allowed to create contracts)',
    )
  const data = fields.raw('data')
  if (data === undefined || data === '0x')
    problems.wrong(
      'dst_address',
      undefined,
      'an address (leave it out only to create a contract with data)',
    )
  return undefined
}

/** Accepts only strings, so that wei are not mistaken for ether. */
const parseWei: Parser<bigint> = (value, path, problems) =>
  typeof value === 'string'
    ? Quantity.uint256(value, path, problems)
    : problems.wrong(
        path,
        value,
        'an integer from 0 to 2^256-1 in wei, as a decimal or 0x string',
      )

function readValue(
  fields: Fields.Fields,
  problems: Problems.Problems,
): bigint | undefined {
  const amount = fields.optional('amount', EtherAmount.parse)
  const wei = fields.optional('value_wei', parseWei)
  const both =
    fields.raw('amount') !== undefined && fields.raw('value_wei') !== undefined
  if (both)
    return problems.add(
      'value_wei',
      "can't be combined with amount; allowed: one of the two",
    )
  if (fields.raw('value_wei') !== undefined) return wei
  if (fields.raw('amount') !== undefined) return amount
  return problems.wrong(
    'amount',
    undefined,
    'an amount in ether such as "0.1" ("0" sends none), or value_wei instead',
  )
}
