import { unique } from './compare.js'
import { isKnown } from './conditionKeys.js'
import { describeStatement } from './describePolicy.js'
import type { Finding } from './Finding.js'
import { type KeyPolicy, type KeyStatement, label } from './KeyPolicy.js'

/**
 * Reports statements that the comparison can't judge, because they don't mean
 * what they seem to mean.
 */
export function findUnclear(policy: KeyPolicy): Finding[] {
  return [
    ...policy.unread.map(
      (unread): Finding => ({
        code: 'not-understood',
        severity: 'high',
        summary: `${capital(label(unread))} can't be understood: ${unread.reason}`,
        risk: 'It is unknown what this part allows, and to whom. The other findings ignore this part.',
        remedy: 'Review it yourself, then rewrite or remove it.',
        who: [],
        statements: [label(unread)],
      }),
    ),
    ...policy.statements.flatMap((each) => [
      ...strangePrincipals(each),
      ...gone(each),
      ...unknownConditions(each),
    ]),
  ]
}

/** Whether {@link findUnclear} finds nothing in a statement. */
export function isClear(statement: KeyStatement): boolean {
  return findUnclear({ statements: [statement], unread: [] }).length === 0
}

function strangePrincipals(each: KeyStatement): Finding[] {
  const names = principalsOf(each)
  const types = Object.keys(names).filter(
    (type) => type === 'Federated' || type === 'CanonicalUser',
  )
  if (types.length === 0) return []
  return [
    {
      code: 'not-understood',
      severity: each.json.Effect === 'Deny' ? 'low' : 'high',
      summary: `${capital(label(each))} names principals of type ${types.join(' and ')}, whose sessions can't be traced from here. The statement ${describeStatement(each.json)}.`,
      risk: 'The statement might cover anybody whom the identity provider admits.',
      remedy: 'Instead, name the IAM role that these principals assume.',
      who: types.flatMap((type) => names[type] ?? []),
      statements: [label(each)],
    },
  ]
}

// KMS shows these ids in place of deleted roles and users.
const uniqueId = /^A(?:IDA|ROA|GPA|NPA|SIA|KIA)[A-Z0-9]{12,}$/

function gone(each: KeyStatement): Finding[] {
  const ids = (principalsOf(each).AWS ?? []).filter((name) =>
    uniqueId.test(name),
  )
  if (ids.length === 0) return []
  return [
    {
      code: 'principal-gone',
      severity: 'medium',
      summary: `${capital(label(each))} names a deleted role or user: ${ids.join(', ')}.`,
      risk: "Nobody has these permissions. A new role or user with the same name doesn't get them, and AWS refuses a new policy that still has the id of a deleted one.",
      remedy: 'Remove the id, and add the principal that took over the task.',
      who: ids,
      statements: [label(each)],
    },
  ]
}

function unknownConditions(each: KeyStatement): Finding[] {
  const { conditions, effect } = each.statement
  const keys = unique(
    conditions.flatMap(({ key }) => (isKnown(key) ? [] : [key])),
  )
  const operators = unique(
    conditions.flatMap(({ operator, operatorName }) =>
      operator === undefined ? [operatorName] : [],
    ),
  )
  const unknown = [
    ...keys.map((key) => `the condition key ${key}`),
    ...operators.map((name) => `the condition operator ${name}`),
  ]
  if (unknown.length === 0) return []
  return [
    {
      code: 'unknown-condition',
      severity: 'medium',
      summary: `${capital(label(each))} uses ${unknown.join(' and ')}, which this version of Keyward doesn't know.`,
      risk:
        effect === 'Deny'
          ? 'The statement might never deny anything. The findings assume that it never does.'
          : 'The statement might always or never allow access. The findings assume that it always does.',
      remedy: 'Correct the name, or remove the condition.',
      who: [],
      statements: [label(each)],
    },
  ]
}

function principalsOf({ json }: KeyStatement): Record<string, string[]> {
  const element = json.Principal ?? json.NotPrincipal
  if (typeof element !== 'object' || element === null) return {}
  return Object.fromEntries(
    Object.entries(element).map(([type, names]) => [type, [names].flat()]),
  ) as Record<string, string[]>
}

function capital(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase())
}
