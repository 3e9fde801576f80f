import { Fields, findDuplicate, Problems } from '@keyward/core'
import { known } from '../../calls/explain.js'
import { kinds } from '../../typedData/kinds.js'
import type { Policy } from '../Policy.js'
import { PolicySyntaxError } from '../PolicySyntaxError.js'
import type { Names } from './Names.js'
import { group, table, token, window } from './parseNames.js'
import { parseRule } from './parseRule.js'
import { declaredFunction } from './parseWhat.js'
import * as values from './values.js'

/** Lambda's limit, with room for the ABI files. */
const maxBytes = 1_000_000

/**
 * Parses a policy from its text, as docs/policy.md specifies.
 *
 * @param abi - Functions of the user's ABI files, in addition to the
 * document's.
 * @throws PolicySyntaxError if the text is not JSON, is too long, or has a
 * duplicate member; InvalidRequestError listing all errors
 */
export function parse(text: string, abi: readonly string[] = []): Policy {
  if (text.length > maxBytes)
    throw new PolicySyntaxError(
      `It has ${text.length} characters; at most ${maxBytes} are allowed.`,
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new PolicySyntaxError(
      `It is not valid JSON (${(error as Error).message}).`,
    )
  }
  if (findDuplicate(text))
    throw new PolicySyntaxError(
      'An object in the policy has a duplicate member, and programs differ ' +
        'on which one counts.',
    )
  return read(value, abi)
}

function read(value: unknown, abi: readonly string[]): Policy {
  const problems = Problems.create('policy')
  const fields = Fields.open(
    value,
    [
      ...['version', 'name', 'mode', 'tokens', 'groups', 'functions'],
      ...['types', 'windows', 'rules', '$schema'],
    ],
    '',
    problems,
  )
  const policy = fields && readFields(fields, abi, problems)
  problems.assertNone()
  return policy as Policy
}

function readFields(
  fields: Fields.Fields,
  abi: readonly string[],
  problems: Problems.Problems,
): Policy {
  fields.required('version', values.integer(1, 1))
  const tokens = withIds(fields.optional('tokens', table(token)))
  const groups = fields.optional('groups', table(group)) ?? new Map()
  for (const name of groups.keys())
    if (tokens.has(name))
      problems.add(`groups.${name}`, 'is also the name of a token')
  for (const name of ['native', 'requests'])
    if (tokens.has(name) || groups.has(name))
      problems.add(name, "is a reserved word and can't be a name")
  findTwice([...tokens.values()], problems)
  const declared = [
    ...(fields.optional('functions', Fields.list(declaredFunction, 1000)) ??
      []),
    ...(Fields.list(declaredFunction, Infinity)(abi, 'abi', problems) ?? []),
  ]
  const functions = new Map(known)
  for (const one of declared) {
    const first = functions.get(one.selector)
    if (first === undefined) functions.set(one.selector, one)
    else if (first.text !== one.text)
      problems.add(
        'functions',
        `has ${one.text}, which has the same selector as ${first.text}`,
      )
  }
  const names: Names = {
    tokens,
    groups,
    functions: [...functions.values()].slice(known.size),
    windows: withIds(fields.optional('windows', table(window(tokens)))),
    types: readTypes(fields, problems),
  }
  const rules = fields.required('rules', Fields.list(parseRule(names), 1000))
  const ids = (rules ?? []).map(({ id }) => id)
  for (const [at, id] of ids.entries())
    if (ids.indexOf(id) !== at)
      problems.add(`rules[${at}].id`, 'is the id of another rule')
  return {
    name: fields.optional('name', values.label(100)) ?? 'policy',
    mode:
      fields.optional('mode', values.oneOf(['enforce', 'shadow'] as const)) ??
      'enforce',
    ...names,
    rules: rules ?? [],
  }
}

function withIds<value>(given: ReadonlyMap<string, value> | undefined) {
  return new Map(
    [...(given ?? [])].map(([id, one]) => [id, { id, ...one }] as const),
  )
}

/** A contract may have only one meaning. */
function findTwice(
  tokens: readonly { id: string; chain: bigint; address: string }[],
  problems: Problems.Problems,
): void {
  const seen = new Set<string>()
  for (const { id, chain, address } of tokens) {
    const key = `${chain}:${address}`
    if (seen.has(key))
      problems.add(`tokens.${id}`, 'has the same contract as another token')
    seen.add(key)
  }
}

/**
 * `encodeType` texts by the kind's name, which is the name of their first type.
 */
function readTypes(
  fields: Fields.Fields,
  problems: Problems.Problems,
): Map<string, string> {
  const form = 'an EIP-712 encodeType, such as Mail(address to,string contents)'
  const types =
    fields.optional(
      'types',
      table<string>((value, path, to) =>
        typeof value === 'string' &&
        /^(?:[A-Za-z_]\w*\([\w ,[\]]*\)){1,50}$/.test(value)
          ? value
          : to.wrong(path, value, form),
      ),
    ) ?? new Map<string, string>()
  for (const [name, type] of types) {
    if (Object.hasOwn(kinds, name))
      problems.add(`types.${name}`, 'is the name of a known kind')
    if (!type.startsWith(`${name}(`))
      problems.add(
        `types.${name}`,
        'must be the name of the first type in its text',
      )
  }
  return types
}
