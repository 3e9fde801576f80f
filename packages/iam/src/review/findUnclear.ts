import { unique } from './compare.js'
import { isKnown } from './conditionKeys.js'
import { describeStatement } from './describePolicy.js'
import type { Finding } from './Finding.js'
import { type KeyPolicy, type KeyStatement, label } from './KeyPolicy.js'

/** What the comparison can't see: whatever does not mean what it seems to. */
export function findUnclear(policy: KeyPolicy): Finding[] {
  return [
    ...policy.unread.map(
      (unread): Finding => ({
        code: 'not-understood',
        severity: 'high',
        summary: `${capital(label(unread))} can't be understood: ${unread.reason}`,
        risk: 'What it allows, and to whom, is unknown; the other findings leave it out.',
        remedy:
          'Look at it yourself, and write it in another way or take it out.',
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

/** Whether a statement has something that {@link findUnclear} tells. */
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
      summary: `${capital(label(each))} names principals of type ${types.join(' and ')}, whose sessions can't be followed from here: it ${describeStatement(each.json)}.`,
      risk: 'Whoever the identity provider lets in may be meant by it.',
      remedy: 'Name the IAM role that they come by instead.',
      who: types.flatMap((type) => names[type] ?? []),
      statements: [label(each)],
    },
  ]
}

// What KMS shows in the place of a role or user that was deleted.
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
      summary: `${capital(label(each))} names ${ids.join(', ')}: a role or user that was deleted.`,
      risk: 'Nobody has what it gives. One of the same name, made anew, does not get it back, and AWS refuses a new policy that still names it.',
      remedy: 'Take it out, and name who has the task now.',
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
      summary: `${capital(label(each))} goes by ${unknown.join(' and ')}, which AWS does not have as far as this version knows.`,
      risk:
        effect === 'Deny'
          ? 'It may never deny anything, and is counted so.'
          : 'It may always allow, and is counted so, or never.',
      remedy: 'Correct the name, or take the condition out.',
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
