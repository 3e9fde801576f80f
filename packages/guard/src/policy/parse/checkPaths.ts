import { Fields, type Problems } from '@keyward/core'
import type { Field, Type } from '../../abi/Type.js'
import type { ArgumentCondition } from '../ArgumentCondition.js'
import { type Candidate, candidatesOf } from '../arguments/candidatesOf.js'
import { pathsOf } from '../arguments/pathsOf.js'
import { typeAt } from '../arguments/typeAt.js'
import type { CallRule, TypedDataRule } from '../Policy.js'
import type { Names } from './Names.js'

/** Maximum numbers of functions and of argument names to list. */
const most = { candidates: 3, names: 30 }

/**
 * Refuses paths that match no argument of anything the rule applies to, because
 * a misspelt path would never be checked.
 */
export function checkPaths(
  what: CallRule | TypedDataRule,
  names: Names,
  at: string,
  problems: Problems.Problems,
): void {
  const candidates = candidatesOf(what, names)
  if (candidates === undefined) return
  const isAny = what.kind === 'call' && what.functions === undefined
  for (const { member, path, condition } of pathsOf(what)) {
    const place = `${at}.${member}`
    const name = path.join('.')
    const own = member === 'args' ? Fields.join(place, name) : place
    const types = candidates.flatMap(({ inputs }) => typeAt(inputs, path) ?? [])
    if (types.length === 0)
      problems.wrong(
        own,
        name,
        isAny
          ? 'an argument of a known function, or of one that the policy declares'
          : `an argument of ${candidates.slice(0, most.candidates).map(describe).join(', or of ')}`,
      )
    else if (condition !== undefined)
      checkCondition(condition, types, own, problems)
  }
}

/** Checks conditions on members of tuples, including tuples in lists. */
function checkCondition(
  { fields = [], every, some, none }: ArgumentCondition,
  types: readonly Type[],
  at: string,
  problems: Problems.Problems,
): void {
  const tuples = types.flatMap((type) =>
    type.kind === 'tuple' ? [type.fields] : [],
  )
  if (tuples.length > 0)
    for (const { path, condition } of fields) {
      const name = path.join('.')
      const own = Fields.join(`${at}.fields`, name)
      const inner = tuples.flatMap((one) => typeAt(one, path) ?? [])
      if (inner.length > 0) checkCondition(condition, inner, own, problems)
      else problems.wrong(own, name, tuples.map(namesOf).join(', or '))
    }
  const items = types.flatMap((type) => (type.kind === 'array' ? type.of : []))
  for (const [name, inner] of Object.entries({ every, some, none }))
    if (inner !== undefined && items.length > 0)
      checkCondition(inner, items, `${at}.${name}`, problems)
}

const describe = ({ name, inputs }: Candidate) =>
  inputs.length === 0
    ? `${name}, which has none`
    : `${name}: ${namesOf(inputs)}`

function namesOf(inputs: readonly Field[]): string {
  const names = listNames(inputs)
  if (names.length === 0)
    return 'the arguments have no names; in functions, declare them with names'
  const left = names.length - most.names
  return `${names.slice(0, most.names).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

function listNames(inputs: readonly Field[], before = ''): string[] {
  return inputs.flatMap(({ name, type }) =>
    name === ''
      ? []
      : [
          before + name,
          ...(type.kind === 'tuple'
            ? listNames(type.fields, `${before}${name}.`)
            : []),
        ],
  )
}
