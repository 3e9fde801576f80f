import { AwsError } from '../../protocol/Service.js'
import type { Member, Members } from './Member.js'

/**
 * Checks the input against the model's constraints, and reports all violations
 * in one sentence, as AWS does.
 *
 * @throws AwsError ValidationException
 */
export const assertConstraints = (
  members: Members,
  input: Record<string, unknown>,
): void => {
  const found = structureViolations(members, input, '')
  if (found.length === 0) return
  const errors = found.length === 1 ? 'error' : 'errors'
  throw new AwsError(
    'ValidationException',
    `${found.length} validation ${errors} detected: ${found.join('; ')}`,
  )
}

const structureViolations = (
  members: Members,
  input: Record<string, unknown>,
  prefix: string,
): string[] =>
  Object.entries(members).flatMap(([name, member]) =>
    violations(member, input[name], prefix, name),
  )

const violations = (
  member: Member,
  value: unknown,
  prefix: string,
  name: string,
): string[] => {
  const at = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`
  const fails = (shown: string, constraint: string, path = at): string =>
    `Value ${shown}at '${path}' failed to satisfy constraint: Member must ${constraint}`
  if (value === undefined)
    return member.required ? [fails('null ', 'not be null')] : []

  const found: string[] = []
  switch (member.type) {
    case 'string': {
      const text = value as string
      const shown = `'${text}' `
      if (member.max !== undefined && text.length > member.max)
        found.push(fails(shown, lengthAtMost(member.max)))
      if (member.min !== undefined && text.length < member.min)
        found.push(fails(shown, lengthAtLeast(member.min)))
      if (member.pattern && !wholePattern(member.pattern).test(text))
        found.push(
          fails(shown, `satisfy regular expression pattern: ${member.pattern}`),
        )
      if (member.values && !member.values.includes(text)) {
        const set = (member.shown ?? member.values).join(', ')
        found.push(fails(shown, `satisfy enum value set: [${set}]`))
      }
      break
    }
    case 'blob': {
      const { length } = value as Buffer
      if (length > member.max) found.push(fails('', lengthAtMost(member.max)))
      // In AWS's recorded text, only this constraint keeps the member's capital
      // letter.
      if (length < member.min)
        found.push(fails('', lengthAtLeast(member.min), `${prefix}${name}`))
      break
    }
    case 'integer': {
      const number = value as number
      if (number > member.max)
        found.push(
          fails(
            `'${number}' `,
            `have value less than or equal to ${member.max}`,
          ),
        )
      if (number < member.min)
        found.push(
          fails(
            `'${number}' `,
            `have value greater than or equal to ${member.min}`,
          ),
        )
      break
    }
    case 'list': {
      const items = value as unknown[]
      if (member.max !== undefined && items.length > member.max)
        found.push(fails(`'${items}' `, lengthAtMost(member.max)))
      const inner = member.member
      items.forEach((item, index) => {
        const path = `${at}.${index + 1}.`
        found.push(
          ...(inner.type === 'structure'
            ? structureViolations(
                inner.members,
                item as Record<string, unknown>,
                `${path}member.`,
              )
            : violations(inner, item, path, 'member')),
        )
      })
      break
    }
    case 'structure':
      found.push(
        ...structureViolations(
          member.members,
          value as Record<string, unknown>,
          `${at}.`,
        ),
      )
      break
  }
  return found
}

const lengthAtMost = (max: number): string =>
  `have length less than or equal to ${max}`
const lengthAtLeast = (min: number): string =>
  `have length greater than or equal to ${min}`

const patterns = new Map<string, RegExp>()
const wholePattern = (pattern: string): RegExp => {
  let compiled = patterns.get(pattern)
  if (!compiled) {
    compiled = new RegExp(`^(?:${pattern})$`)
    patterns.set(pattern, compiled)
  }
  return compiled
}
