import { PolicyError } from '../PolicyError.js'
import { quote } from '../quote.js'
import * as Certainty from './Certainty.js'
import * as Condition from './Condition.js'
import * as Glob from './Glob.js'
import type { Match } from './Match.js'
import type { Negatable } from './Negatable.js'
import type { PolicyKind } from './PolicyKind.js'
import * as PolicyText from './PolicyText.js'
import * as PrincipalElement from './PrincipalElement.js'
import type { Question } from './Question.js'

export type { Match }

export type Statement = {
  sid: string | undefined
  effect: 'Allow' | 'Deny'
  /** Absent in identity policies. */
  principal: Negatable<PrincipalElement.PrincipalElement> | undefined
  action: Negatable<readonly Glob.Glob[]>
  /** Absent in trust policies. */
  resource: Negatable<readonly PolicyText.PolicyText[]> | undefined
  conditions: readonly Condition.Condition[]
}

type Element = 'Principal' | 'Action' | 'Resource'

export function fromValue(
  value: unknown,
  kind: PolicyKind,
  hasVariables: boolean,
): Statement {
  if (!isObject(value)) throw new PolicyError('A statement is not an object.')
  const elements: Element[] = [
    ...(kind === 'identity' ? [] : (['Principal'] as const)),
    'Action',
    ...(kind === 'trust' ? [] : (['Resource'] as const)),
  ]
  const names = elements.flatMap((name) => [name, `Not${name}`])
  refuseOthers(value, ['Sid', 'Effect', 'Condition', ...names], 'A statement')
  const { Sid, Effect } = value
  if (Sid !== undefined && typeof Sid !== 'string')
    throw new PolicyError('The Sid of a statement must be a string.')
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw new PolicyError('The Effect of a statement must be Allow or Deny.')
  const principal = kind === 'identity' ? undefined : pick(value, 'Principal')
  const action = pick(value, 'Action')
  const resource = kind === 'trust' ? undefined : pick(value, 'Resource')
  return {
    sid: Sid,
    effect: Effect,
    principal: principal && {
      isNot: principal.isNot,
      value: PrincipalElement.parse(principal.value),
    },
    action: {
      isNot: action.isNot,
      value: toStrings(action.value, 'Action').map(toActionGlob),
    },
    resource: resource && {
      isNot: resource.isNot,
      value: toStrings(resource.value, 'Resource').map((text) =>
        toResource(text, hasVariables),
      ),
    },
    conditions: toConditions(value.Condition, hasVariables),
  }
}

/** Whether a statement applies to a question. */
export function match(statement: Statement, question: Question): Match {
  const { principal, effect, action, resource, conditions } = statement
  const named: Match = principal
    ? PrincipalElement.names(principal, effect, question.principal)
    : { holds: 'yes', isByAccount: false }
  const isAbout = named.holds !== 'no' && isAboutAction(action, question.action)
  if (!isAbout) return { ...named, holds: 'no' }
  const holds = [named.holds, isAboutResource(resource, question)]
  for (const condition of conditions) {
    // If the statement already doesn't apply, its conditions don't matter.
    if (holds.includes('no')) break
    holds.push(Condition.evaluate(condition, question.context))
  }
  return { ...named, holds: Certainty.all(holds) }
}

function isAboutAction(
  { isNot, value }: Statement['action'],
  action: string,
): boolean {
  const lowerCase = action.toLowerCase()
  return value.some((glob) => Glob.matches(glob, lowerCase)) !== isNot
}

function isAboutResource(
  element: Statement['resource'],
  { resource, context }: Question,
): Certainty.Certainty {
  if (!element) return 'yes'
  const fits = Certainty.some(
    element.value.map((text) => {
      const glob = PolicyText.toGlob(text, context)
      if (glob === 'none') return 'no'
      if (glob === 'unknown') return glob
      return Certainty.of(Glob.matches(glob.value, resource))
    }),
  )
  return element.isNot ? Certainty.not(fits) : fits
}

function pick(
  statement: Record<string, unknown>,
  name: Element,
): Negatable<unknown> {
  const isNot = `Not${name}` in statement
  if (name in statement === isNot)
    throw new PolicyError(`A statement needs either ${name} or Not${name}.`)
  return { isNot, value: statement[isNot ? `Not${name}` : name] }
}

function toActionGlob(text: string): Glob.Glob {
  if (text !== '*' && !/^[a-z0-9-]+:[a-z0-9*?]+$/i.test(text))
    throw new PolicyError(
      `${quote(text)} is not a valid action. Use "*" or a form such as kms:Sign.`,
    )
  return Glob.fromPattern(text.toLowerCase())
}

function toResource(
  text: string,
  hasVariables: boolean,
): PolicyText.PolicyText {
  if (text !== '*' && !/^arn:|^\$\{/.test(text))
    throw new PolicyError(
      `The resource ${quote(text)} is neither "*" nor an ARN.`,
    )
  return PolicyText.parse(text, hasVariables)
}

function toConditions(
  block: unknown,
  hasVariables: boolean,
): Condition.Condition[] {
  if (block === undefined) return []
  if (!isObject(block))
    throw new PolicyError('The Condition of a statement must be an object.')
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isObject(keys) || Object.keys(keys).length === 0)
      throw new PolicyError(
        `The condition operator ${quote(operator)} has no condition keys.`,
      )
    const lowerCase = Object.keys(keys).map((key) => key.toLowerCase())
    if (new Set(lowerCase).size !== lowerCase.length)
      throw new PolicyError(
        `The condition operator ${quote(operator)} has two condition keys that differ only in case.`,
      )
    return Object.entries(keys).map(([key, values]) =>
      Condition.parse(operator, key, toValues(values, key), hasVariables),
    )
  })
}

/** JSON booleans and numbers count as their text. */
function toValues(values: unknown, key: string): string[] {
  const list: unknown[] = Array.isArray(values) ? values : [values]
  if (list.length === 0)
    throw new PolicyError(`The condition on ${quote(key)} has no value.`)
  return list.map((value) => {
    if (['string', 'boolean', 'number'].includes(typeof value))
      return String(value)
    throw new PolicyError(
      `The condition on ${quote(key)} has a value that is not a string, number or boolean.`,
    )
  })
}

function toStrings(value: unknown, name: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > 0 && list.every((each) => typeof each === 'string'))
    return list as string[]
  throw new PolicyError(
    `${name} must be a string or a non-empty list of strings.`,
  )
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function refuseOthers(
  value: Record<string, unknown>,
  allowed: readonly string[],
  what: string,
): void {
  const other = Object.keys(value).find((name) => !allowed.includes(name))
  if (other !== undefined)
    throw new PolicyError(
      /^(Not)?(Principal|Resource)$/.test(other) && what === 'A statement'
        ? `A statement has the element ${quote(other)}, which this kind of policy doesn't allow.`
        : `${what} has an unknown element ${quote(other)}.`,
    )
}
