import {
  type AccessList,
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

// The request as the ledger keeps and knows it.
export { fromJson, hash, toJson, transactionId } from './canonical.js'

export const speeds = ['slow', 'normal', 'fast'] as const
export type Speed = (typeof speeds)[number]

/** What a caller wants to be mined once. */
export type SendRequest = {
  /** Left out to create a contract. */
  to?: Hex
  /** Wei. */
  value: bigint
  data: Hex
  /** Gas limit; estimated when it is left out. */
  gas?: bigint
  accessList: AccessList
  speed: Speed
  /** Wei per gas: the caller's own caps, below those of the sender. */
  maxFeePerGas?: bigint
  maxPriorityFeePerGas?: bigint
  /**
   * Each unit of gas costs `maxFeePerGas`, no less: the tip takes what the base
   * fee leaves. So the cost is known before, to the wei where the gas is.
   */
  exactFee?: true
  /** Milliseconds since 1970 after which nothing is signed any more. */
  validUntil?: number
  /** Same key and request: same transaction. */
  idempotencyKey: string
}

/** Fields of the event; `operation` is read by whoever tells operations apart. */
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
] as const

export type Limits = {
  chainId: number
  /** Whether `dst_address` may be left out. @default false */
  allowCreation?: boolean | undefined
}

/**
 * Reads the fields of `send`: those of the EIP-1559 signer without the nonce,
 * and what a sender needs more. All that is wrong is reported at once.
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
  // Without a problem every field was read.
  return request as SendRequest
}

/** As {@link fromEvent}, for a reader that has opened the event. */
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

/** 1 to 128 visible ASCII characters: it goes into logs and keys of items. */
export const parseKey: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value)
    ? value
    : problems.wrong(
        path,
        value,
        '1 to 128 letters, digits and signs without blanks, the same at every repetition of this request and of no other, such as the number of the order that it pays',
      )

/** What the fees say of each other. */
function assertFees(
  fees: {
    maxFeePerGas?: bigint | undefined
    maxPriorityFeePerGas?: bigint | undefined
    exactFee?: boolean | undefined
  },
  [max, priority, exact]: readonly [
    max: string,
    priority: string,
    exact: string,
  ],
  problems: Problems.Problems,
): void {
  const { maxFeePerGas, maxPriorityFeePerGas } = fees
  if (
    maxFeePerGas !== undefined &&
    maxPriorityFeePerGas !== undefined &&
    maxPriorityFeePerGas > maxFeePerGas
  )
    problems.wrong(
      priority,
      maxPriorityFeePerGas,
      `at most ${max}, ${maxFeePerGas}`,
    )
  if (
    fees.exactFee === true &&
    (maxFeePerGas === undefined || maxPriorityFeePerGas !== undefined)
  )
    problems.add(
      exact,
      `stands for a fee of exactly ${max}; allowed: with ${max}, and without ${priority}`,
    )
}

const parseType: Parser<2> = (value, path, problems) => {
  if (Quantity.read(value) === 2n || value === 'eip1559') return 2
  return problems.wrong(
    path,
    value,
    '2, or nothing (a chain without base fee gets a legacy transaction by itself)',
  )
}

export const parseSpeed: Parser<Speed> = (value, path, problems) =>
  speeds.find((speed) => speed === value) ??
  problems.wrong(path, value, '"slow", "normal" or "fast"')

/** 21000 is what the cheapest transaction costs: nothing runs on less. */
const parseGas = Quantity.between(21_000n, 2n ** 63n - 1n)

/** 0 would be mined nowhere. */
export const parseFee: Parser<bigint> = (value, path, problems) =>
  Quantity.read(value) === 0n
    ? problems.wrong(path, value, 'an integer from 1')
    : Quantity.uint256(value, path, problems)

const parseFlag: Parser<boolean> = (value, path, problems) =>
  typeof value === 'boolean'
    ? value
    : problems.wrong(path, value, 'true or false')

/** Seconds since 1970, or a time as RFC 3339 writes it, in UTC. */
const parseTime: Parser<number> = (value, path, problems) => {
  const allowed =
    'seconds since 1970, or a time in UTC such as "2026-11-25T12:00:00Z"'
  const seconds = Quantity.read(value)
  if (seconds !== undefined)
    // Milliseconds would be thousands of years ahead and bind nobody.
    return seconds >= 0n && seconds < 100_000_000_000n
      ? Number(seconds) * 1000
      : problems.wrong(path, value, allowed)
  const time = typeof value === 'string' ? readTime(value) : undefined
  return time ?? problems.wrong(path, value, allowed)
}

/** RFC 3339, in UTC; undefined for a day or an hour that no calendar has. */
function readTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(text))
    return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time)) return undefined
  // The engine takes 30 February for a day in March, and 24:00 for the next day.
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
  // Null is what a variable holds that was forgotten.
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
      'an address, or none when data creates a contract',
    )
  return undefined
}

/** A string only, so that it is not taken for ether. */
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
      'stands beside amount; allowed: one of the two',
    )
  if (fields.raw('value_wei') !== undefined) return wei
  if (fields.raw('amount') !== undefined) return amount
  return problems.wrong(
    'amount',
    undefined,
    'an amount in ether such as "0.1", or value_wei beside it left out ("0" sends none)',
  )
}

/**
 * Refuses what no event could have brought: a program may hand over anything,
 * and what is accepted is never forgotten.
 *
 * @throws InvalidRequestError
 */
export function assertValid(request: SendRequest): void {
  const problems = Problems.create('request')
  const { to, value, data, gas, maxFeePerGas, maxPriorityFeePerGas } = request
  const check = (name: string, came: unknown, parser: Parser<unknown>) =>
    came === undefined ? undefined : parser(came, name, problems)
  parseKey(request.idempotencyKey, 'idempotencyKey', problems)
  if (to === undefined && data === '0x')
    problems.wrong('to', to, 'an address, or none when data creates a contract')
  check('to', to, AddressField.parseNonZero)
  ofBigint(Quantity.uint256)(value, 'value', problems)
  HexField.data(data, 'data', problems)
  check('gas', gas, ofBigint(parseGas))
  AccessListField.parse(request.accessList, 'accessList', problems)
  parseSpeed(request.speed, 'speed', problems)
  check('maxFeePerGas', maxFeePerGas, ofBigint(parseFee))
  check(
    'maxPriorityFeePerGas',
    maxPriorityFeePerGas,
    ofBigint(Quantity.uint256),
  )
  check('validUntil', request.validUntil, parseMilliseconds)
  check('exactFee', request.exactFee, parseFlag)
  assertFees(
    request,
    ['maxFeePerGas', 'maxPriorityFeePerGas', 'exactFee'],
    problems,
  )
  problems.assertNone()
}

const ofBigint =
  (parser: Parser<bigint>): Parser<bigint> =>
  (value, path, problems) =>
    typeof value === 'bigint'
      ? parser(String(value), path, problems)
      : problems.wrong(path, value, 'a bigint')

const parseMilliseconds: Parser<number> = (value, path, problems) =>
  Number.isSafeInteger(value) && Math.abs(Number(value)) < 1e14
    ? Number(value)
    : problems.wrong(path, value, 'milliseconds since 1970')
