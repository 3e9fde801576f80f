import { Fields, type Parser } from '@keyward/core'
import type {
  ArgumentCondition,
  Choice,
  Decimal,
  Literal,
  NamedCondition,
  Ratio,
} from '../ArgumentCondition.js'
import type { Arguments, Spend } from '../Policy.js'
import { asset, type Names } from './Names.js'
import * as values from './values.js'

/** Deeper than any condition on lists of lists of tuples. */
const maxDepth = 8

/** Argument names, joined by dots. */
const argumentPath: Parser<string[]> = (value, path, problems) =>
  typeof value === 'string' &&
  /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){0,7}$/.test(value)
    ? value.split('.')
    : problems.wrong(
        path,
        value,
        'an argument name, or argument names joined by dots',
      )

const literal: Parser<Literal> = (value, path, problems) =>
  typeof value === 'string' || typeof value === 'boolean'
    ? value
    : problems.wrong(path, value, 'a string, true or false')

/** Parses literals, addresses, and names of groups and tokens. */
function choice(names: Names): Parser<Choice> {
  return (value, path, problems) => {
    const everywhere = new Set<string>()
    const onChain = new Set<string>()
    const known: string[] = []
    const literals: Literal[] = []
    const list = Fields.list(literal, 10_000)(value, path, problems)
    for (const one of list ?? []) {
      const token = names.tokens.get(one as string)
      const group = names.groups.get(one as string)
      if (token === undefined && group === undefined) {
        literals.push(one)
        continue
      }
      known.push(one as string)
      if (token !== undefined) onChain.add(`${token.chain}:${token.address}`)
      for (const { address } of group ?? []) everywhere.add(address)
    }
    return (
      list && { literals, addresses: { names: known, everywhere, onChain } }
    )
  }
}

function condition(names: Names, depth = 0): Parser<ArgumentCondition> {
  return (value, path, problems) => {
    if (depth > maxDepth)
      return problems.add(path, `is nested more than ${maxDepth} levels deep`)
    const inner = condition(names, depth + 1)
    const parsers = {
      equals: literal,
      in: choice(names),
      atLeast: values.amount(),
      atMost: values.amount(),
      within: values.seconds,
      startsWith: values.text(1000),
      length: inner,
      every: inner,
      some: inner,
      none: inner,
      fields: named(inner),
    } as const
    const operators = Object.keys(parsers)
    const fields = Fields.open(value, operators, path, problems)
    if (fields === undefined) return undefined
    if (!operators.some((one) => fields.has(one)))
      return problems.add(path, `is empty; allowed: ${operators.join(', ')}`)
    return Object.fromEntries(
      Object.entries(parsers).map(([operator, parser]) => [
        operator,
        fields.optional(operator, parser as Parser<unknown>),
      ]),
    ) as ArgumentCondition
  }
}

/** Parses an object of conditions keyed by argument path. */
function named(inner: Parser<ArgumentCondition>): Parser<NamedCondition[]> {
  return (value, path, problems) => {
    const names =
      typeof value === 'object' && value !== null ? Object.keys(value) : []
    const fields = Fields.open(value, names, path, problems)
    return names.flatMap((one) => {
      const at = argumentPath(one, fields?.path(one) ?? path, problems)
      const read = fields?.required(one, inner)
      return at === undefined || read === undefined
        ? []
        : [{ path: at, condition: read }]
    })
  }
}

const decimal: Parser<Decimal> = (value, path, problems) => {
  const match =
    typeof value === 'string'
      ? /^(0|[1-9]\d{0,59})(?:\.(\d{1,36}))?$/.exec(value)
      : null
  if (match === null)
    return problems.wrong(
      path,
      value,
      'a decimal number as a string, such as "1500.25"',
    )
  const [, whole = '', part = ''] = match
  return { digits: BigInt(whole + part), scale: part.length }
}

function decimalsOf(names: Names): Parser<number> {
  return (value, path, problems) => {
    if (value === 'native') return 18
    const token = names.tokens.get(value as string)
    return token === undefined
      ? problems.wrong(path, value, 'native, or a token defined in tokens')
      : token.decimals
  }
}

function ratio(names: Names): Parser<Ratio> {
  return (value, path, problems) => {
    const fields = Fields.open(
      value,
      ['of', 'ofAsset', 'to', 'toAsset', 'atLeast', 'atMost'],
      path,
      problems,
    )
    if (fields === undefined) return undefined
    if (!fields.has('atLeast') && !fields.has('atMost'))
      problems.add(path, 'has neither atLeast nor atMost')
    return {
      of: fields.required('of', argumentPath),
      ofDecimals: fields.required('ofAsset', decimalsOf(names)),
      to: fields.required('to', argumentPath),
      toDecimals: fields.required('toAsset', decimalsOf(names)),
      atLeast: fields.optional('atLeast', decimal),
      atMost: fields.optional('atMost', decimal),
    } as Ratio
  }
}

function spend(names: Names): Parser<Spend> {
  return (value, path, problems) => {
    const fields = Fields.open(
      value,
      ['asset', 'amount', 'recipient'],
      path,
      problems,
    )
    return (
      fields &&
      ({
        asset: fields.required('asset', asset(names)),
        amount: fields.required('amount', argumentPath),
        recipient: fields.optional('recipient', argumentPath),
      } as Spend)
    )
  }
}

export const argumentNames = ['args', 'ratios', 'spends'] as const

/**
 * Reads the argument conditions that rules on calls and on typed data share.
 */
export function readArguments(fields: Fields.Fields, names: Names): Arguments {
  const spends: Parser<Arguments['spends']> = (value, path, problems) =>
    value === 'unknown'
      ? 'unknown'
      : Fields.list(spend(names), 10)(value, path, problems)
  return {
    args: fields.optional('args', named(condition(names))) ?? [],
    ratios: fields.optional('ratios', Fields.list(ratio(names), 10)) ?? [],
    spends: fields.optional('spends', spends),
  }
}
