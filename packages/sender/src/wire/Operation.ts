import { Fields, type Parser, Problems, Quantity } from '@keyward/core'
import { type Status, statuses } from '../ledger/TransactionRecord.js'
import type { ListRequest, Reference, SpeedUp } from '../operations/Call.js'
import { parseFee, parseGas, parseKey, parseSpeed } from '../request/parsers.js'
import type { SendRequest } from '../request/SendRequest.js'
import * as sendEvent from './sendEvent.js'

/** The operations that callers can request from the sender. */
export type Operation =
  | { operation: 'status' }
  | { operation: 'send'; request: SendRequest }
  | { operation: 'get'; reference: Reference }
  | { operation: 'cancel'; reference: Reference }
  | ({ operation: 'speed_up'; reference: Reference } & SpeedUp)
  | ({ operation: 'list' } & ListRequest)

const reference = ['transaction_id', 'idempotency_key']
const namesOf: Record<Operation['operation'], readonly string[]> = {
  status: [],
  send: sendEvent.names,
  get: reference,
  cancel: reference,
  speed_up: [...reference, 'speed', 'max_fee_per_gas', 'gas'],
  list: ['limit', 'after', 'status'],
}
const operations = Object.keys(namesOf) as Operation['operation'][]

/**
 * Reads an event of the sender function. Reports all errors at once.
 *
 * @throws InvalidRequestError
 */
export function fromEvent(event: unknown, limits: sendEvent.Limits): Operation {
  const problems = Problems.create('event')
  const operation = readOperation(event)
  const known = operation === undefined ? allNames : namesOf[operation]
  const fields = Fields.open(event, ['operation', ...known], '', problems)
  if (fields !== undefined && operation === undefined)
    problems.wrong('operation', fields.raw('operation'), list(operations))
  const read =
    fields === undefined || operation === undefined
      ? undefined
      : readers[operation](fields, limits, problems)
  problems.assertNone()
  // If there are no problems, every field has been read.
  return read as Operation
}

const allNames = [...new Set(Object.values(namesOf).flat())]

function readOperation(event: unknown): Operation['operation'] | undefined {
  const came =
    typeof event === 'object' &&
    event !== null &&
    Object.hasOwn(event, 'operation')
      ? (event as { operation: unknown }).operation
      : undefined
  return operations.find((name) => name === came)
}

type Reader = (
  fields: Fields.Fields,
  limits: sendEvent.Limits,
  problems: Problems.Problems,
) => object

const readers: Record<Operation['operation'], Reader> = {
  status: () => ({ operation: 'status' }),
  send: (fields, limits, problems) => ({
    operation: 'send',
    request: sendEvent.read(fields, limits, problems),
  }),
  get: (fields, _, problems) => ({
    operation: 'get',
    reference: readReference(fields, problems),
  }),
  cancel: (fields, _, problems) => ({
    operation: 'cancel',
    reference: readReference(fields, problems),
  }),
  speed_up: (fields, _, problems) => ({
    operation: 'speed_up',
    reference: readReference(fields, problems),
    ...given('speed', fields.optional('speed', parseSpeed)),
    ...given('maxFeePerGas', fields.optional('max_fee_per_gas', parseFee)),
    ...given('gas', fields.optional('gas', parseGas)),
  }),
  list: (fields) => ({
    operation: 'list',
    ...given('limit', fields.optional('limit', parseLimit)),
    ...given('after', fields.optional('after', parseAfter)),
    ...given('status', fields.optional('status', parseStatus)),
  }),
}

function given(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value }
}

function readReference(
  fields: Fields.Fields,
  problems: Problems.Problems,
): Reference | undefined {
  const [id, key] = reference.map((name) => fields.raw(name) !== undefined)
  if (id === key)
    return problems.add(
      'transaction_id',
      id
        ? "can't be combined with idempotency_key; allowed: one of the two"
        : 'is missing; allowed: transaction_id, as returned by send, or idempotency_key',
    )
  if (id) {
    const transactionId = fields.optional('transaction_id', parseId)
    return transactionId === undefined ? undefined : { transactionId }
  }
  const own = fields.optional('idempotency_key', parseKey)
  return own === undefined ? undefined : { idempotencyKey: own }
}

const parseId: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[0-9a-f]{40}$/.test(value)
    ? value
    : problems.wrong(path, value, '40 hex digits, as returned by send')

const parseLimit: Parser<number> = (value, path, problems) => {
  const limit = Quantity.between(1n, 100n)(value, path, problems)
  return limit === undefined ? undefined : Number(limit)
}

const parseAfter: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[0-9]{1,14}-[0-9a-f]{40}$/.test(value)
    ? value
    : problems.wrong(
        path,
        value,
        'the value of "next" in the previous response',
      )

const parseStatus: Parser<Status> = (value, path, problems) =>
  statuses.find((status) => status === value) ??
  problems.wrong(path, value, list(statuses))

function list(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ')
}
