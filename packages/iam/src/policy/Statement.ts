import * as Certainty from './Certainty.js'
import * as Condition from './Condition.js'
import * as Glob from './Glob.js'
import type { PolicyKind } from './Policy.js'
import * as PolicyText from './PolicyText.js'
import type { Principal } from './Principal.js'
import * as PrincipalElement from './PrincipalElement.js'
import type { RequestContext } from './RequestContext.js'

export type Statement = {
  sid: string | undefined
  effect: 'Allow' | 'Deny'
  /** Absent in policies of an identity. */
  principal: Negatable<PrincipalElement.PrincipalElement> | undefined
  action: Negatable<readonly Glob.Glob[]>
  /** Absent in trust policies. */
  resource: Negatable<readonly PolicyText.PolicyText[]> | undefined
  conditions: readonly Condition.Condition[]
}

/** An element, or its opposite such as NotAction. */
type Negatable<T> = { isNot: boolean; value: T }

type Element = 'Principal' | 'Action' | 'Resource'

export function fromValue(
  value: unknown,
  kind: PolicyKind,
  hasVariables: boolean,
): Statement {
  if (!isObject(value)) throw new SyntaxError('A statement is not an object.')
  const elements: Element[] = [
    ...(kind === 'identity' ? [] : (['Principal'] as const)),
    'Action',
    ...(kind === 'trust' ? [] : (['Resource'] as const)),
  ]
  const names = elements.flatMap((name) => [name, `Not${name}`])
  refuseOthers(value, ['Sid', 'Effect', 'Condition', ...names], 'statement')
  const { Sid, Effect } = value
  if (Sid !== undefined && typeof Sid !== 'string')
    throw new SyntaxError('A Sid is not a string.')
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw new SyntaxError(
      'A statement has an Effect that is not Allow or Deny.',
    )
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

/** How far a statement applies to a request, apart from its principal. */
export function applies(
  { action, resource, conditions }: Statement,
  request: { action: string; resource: string },
  context: RequestContext,
): Certainty.Certainty {
  const lowerCase = request.action.toLowerCase()
  const isAction = action.value.some((glob) => Glob.matches(glob, lowerCase))
  if (isAction === action.isNot) return 'no'
  return Certainty.all([
    appliesTo(resource, request.resource, context),
    ...conditions.map((each) => Condition.evaluate(each, context)),
  ])
}

function appliesTo(
  resource: Statement['resource'],
  arn: string,
  context: RequestContext,
): Certainty.Certainty {
  if (!resource) return 'yes'
  const lookUp = (key: string) => {
    const found = context(key)
    return found !== 'unknown' && found.length === 1 ? found[0] : undefined
  }
  const fits = Certainty.some(
    resource.value.map((text) => {
      const glob = PolicyText.toGlob(text, lookUp)
      return Certainty.of(glob && Glob.matches(glob, arn))
    }),
  )
  return resource.isNot ? Certainty.not(fits) : fits
}

/** How a statement's principal element names whoever calls. */
export function names(
  { principal, effect }: Statement,
  caller: Principal,
): PrincipalElement.Match {
  if (!principal) return 'direct'
  const { isNot, value } = principal
  if (!isNot) return PrincipalElement.match(value, caller)
  const isOut =
    effect === 'Deny'
      ? PrincipalElement.isSpared(value, caller)
      : PrincipalElement.match(value, caller) !== 'none'
  return isOut ? 'none' : 'direct'
}

function pick(
  statement: Record<string, unknown>,
  name: Element,
): Negatable<unknown> {
  const isNot = `Not${name}` in statement
  if (name in statement === isNot)
    throw new SyntaxError(`A statement needs one of ${name} and Not${name}.`)
  return { isNot, value: statement[isNot ? `Not${name}` : name] }
}

function toActionGlob(text: string): Glob.Glob {
  if (text !== '*' && !/^[a-z0-9-]+:[a-z0-9*?]+$/i.test(text))
    throw new SyntaxError(
      `${JSON.stringify(text.slice(0, 80))} is not an action such as kms:Sign.`,
    )
  return Glob.fromPattern(text.toLowerCase())
}

function toResource(
  text: string,
  hasVariables: boolean,
): PolicyText.PolicyText {
  if (text !== '*' && !/^arn:|^\$\{/.test(text))
    throw new SyntaxError(
      `${JSON.stringify(text.slice(0, 80))} is neither "*" nor an ARN.`,
    )
  return PolicyText.parse(text, hasVariables)
}

function toConditions(
  block: unknown,
  hasVariables: boolean,
): Condition.Condition[] {
  if (block === undefined) return []
  if (!isObject(block)) throw new SyntaxError('A Condition is not an object.')
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isObject(keys) || Object.keys(keys).length === 0)
      throw new SyntaxError(`The Condition ${operator} names no keys.`)
    const lowerCase = Object.keys(keys).map((key) => key.toLowerCase())
    if (new Set(lowerCase).size !== lowerCase.length)
      throw new SyntaxError(`The Condition ${operator} names a key twice.`)
    return Object.entries(keys).map(([key, values]) =>
      Condition.parse(operator, key, toValues(values, key), hasVariables),
    )
  })
}

/** JSON's booleans and numbers stand for their text. */
function toValues(values: unknown, key: string): string[] {
  const list: unknown[] = Array.isArray(values) ? values : [values]
  if (list.length === 0)
    throw new SyntaxError(`The condition on ${key} has no value.`)
  return list.map((value) => {
    if (['string', 'boolean', 'number'].includes(typeof value))
      return String(value)
    throw new SyntaxError(`The condition on ${key} has a value of no text.`)
  })
}

function toStrings(value: unknown, name: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > 0 && list.every((each) => typeof each === 'string'))
    return list as string[]
  throw new SyntaxError(`A statement has a wrong ${name}.`)
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
    throw new SyntaxError(
      `The ${what} has an unknown element ${JSON.stringify(other.slice(0, 80))}.`,
    )
}
