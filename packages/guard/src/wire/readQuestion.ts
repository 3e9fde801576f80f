import {
  AddressField,
  AuthorizationField,
  Fields,
  type Hex,
  type Parser,
  Problems,
  type SigningRequest,
  TransactionRequest,
  TypedDataRequest,
} from '@keyward/core'
import type {
  Facts,
  Spent,
  Subject,
  WindowScope,
} from '../evaluate/Question.js'
import { amount, oneOf } from '../policy/parse/values.js'

/** A request, its caller, and the known facts: a line of `policy check`. */
export type AskedQuestion = {
  readonly request: SigningRequest
  readonly subject: Subject
  readonly facts: Facts
}

const kinds = [
  'transaction',
  'typedData',
  'message',
  'authorization',
  'digest',
] as const

/**
 * Reads the check format in docs/policy.md.
 *
 * @param now - In ms since 1970, if the facts have no time.
 * @throws InvalidRequestError
 */
export function readQuestion(value: unknown, now: number): AskedQuestion {
  const problems = Problems.create('line')
  const fields = Fields.open(
    value,
    ['request', 'caller', 'account', 'facts'],
    '',
    problems,
  )
  const request = fields?.required('request', readRequest)
  const caller = fields?.optional('caller', text)
  const account = fields?.optional('account', AddressField.parse)
  const facts = fields?.optional('facts', readFacts(now))
  problems.assertNone()
  return {
    request: request as SigningRequest,
    subject: { caller: caller ?? undefined, account },
    facts: facts ?? { time: now },
  }
}

const text: Parser<string> = (value, path, problems) =>
  typeof value === 'string' ? value : problems.wrong(path, value, 'a string')

const readRequest: Parser<SigningRequest> = (value, path, problems) => {
  const fields = Fields.open(value, ['kind', ...kinds], path, problems)
  const kind = fields?.required('kind', oneOf(kinds))
  if (fields === undefined || kind === undefined) return undefined
  for (const one of kinds)
    if (one !== kind && fields.has(one))
      problems.add(fields.path(one), `is not allowed with kind ${kind}`)
  const content = fields.raw(kind)
  switch (kind) {
    case 'transaction':
      return { kind, transaction: TransactionRequest.fromJson(content) }
    case 'typedData':
      return { kind, typedData: TypedDataRequest.fromJson(content) }
    case 'message':
      return readMessage(content, fields.path(kind), problems)
    case 'authorization': {
      const authorization = AuthorizationField.parseUnsigned(
        content,
        fields.path(kind),
        problems,
      )
      return authorization && { kind, authorization }
    }
    default:
      // The content of a digest makes no difference, because nobody can read
      // it.
      return { kind } as SigningRequest
  }
}

const readMessage: Parser<SigningRequest> = (value, path, problems) => {
  if (typeof value === 'string') return { kind: 'message', message: value }
  const fields = Fields.open(value, ['raw'], path, problems)
  const raw = fields?.required<Hex>('raw', (hex, at, to) =>
    typeof hex === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(hex)
      ? (hex as Hex)
      : to.wrong(at, hex, '0x and two hex digits per byte'),
  )
  return raw === undefined ? undefined : { kind: 'message', message: { raw } }
}

function readFacts(now: number): Parser<Facts> {
  return (value, path, problems) => {
    const fields = Fields.open(
      value,
      ['time', 'spent', 'counted'],
      path,
      problems,
    )
    if (fields === undefined) return undefined
    return {
      time: fields.optional('time', readTime) ?? now,
      spent: fields.optional('spent', Fields.list(readSpent, 10_000)),
      counted: fields.optional('counted', Fields.list(readSpent, 10_000)),
    }
  }
}

const readTime: Parser<number> = (value, path, problems) => {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/
  const time =
    typeof value === 'string' && form.test(value) ? Date.parse(value) : NaN
  return Number.isNaN(time)
    ? problems.wrong(
        path,
        value,
        'a time in UTC, such as 2026-11-29T12:00:00.000Z',
      )
    : time
}

const readSpent: Parser<Spent> = (value, path, problems) => {
  const fields = Fields.open(
    value,
    ['window', 'scope', 'amount'],
    path,
    problems,
  )
  return (
    fields &&
    ({
      window: fields.required('window', text),
      scope: fields.optional('scope', readScope) ?? {},
      amount: fields.required('amount', amount()),
    } as Spent)
  )
}

const readScope: Parser<WindowScope> = (value, path, problems) => {
  const names = ['caller', 'account', 'recipient']
  const fields = Fields.open(value, names, path, problems)
  return (
    fields &&
    Object.fromEntries(
      names
        .filter((name) => fields.has(name))
        .map((name) => [name, fields.required(name, text)]),
    )
  )
}
