import {
  AccessListField,
  AddressField,
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
} from './parsers.js'
import type { Request as SendRequest } from './Request.js'

// The request in the form in which the ledger stores and identifies it.
export {
  complete,
  copy,
  fromKept,
  hash,
  hashTerms,
  type Terms,
  termsFromJson,
  toKept,
  transactionId,
} from './canonical.js'
export type { Request as SendRequest } from './Request.js'
export type { Speed } from './Speed.js'

/**
 * Refuses a request that no event could contain, because a program may pass
 * anything, and an accepted request is never forgotten.
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
    problems.wrong(
      'to',
      to,
      'an address (leave it out only to create a contract with data)',
    )
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
  check('notARepeat', request.notARepeat, parseFlag)
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
