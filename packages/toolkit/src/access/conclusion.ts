import {
  type Finding,
  Findings,
  flags,
  type GivenRoles,
  type RoleName,
  roleNames,
} from '@keyward/iam/review'
import { shellWord } from '../shellQuote.js'
import type { Asked } from './openAccess.js'

/** What to do about the findings, as text. */
export function conclusion(
  asked: Asked,
  found: {
    findings: readonly Finding.Finding[]
    /** See `findUnfixed`. */
    unfixed: readonly Finding.Finding[] | undefined
    assumed: readonly RoleName[]
  },
): string {
  const { findings, unfixed, assumed } = found
  const assumption =
    assumed.length === 0
      ? []
      : [
          `The roles marked as assumed were taken from the policy itself. If one of them is wrong, pass the right ones with ${flagsOf(assumed)}.`,
        ]
  if (findings.length === 0)
    return [
      'No findings: the policy allows only the actions that the roles need.',
      ...assumption,
    ].join(' ')
  const count = `${Findings.count(findings)}.`
  if (unfixed === undefined)
    return [
      count,
      'No change to the key policy fixes this: do what the findings say after "fix".',
      ...assumption,
    ].join(' ')
  return [
    `${count} To see the recommended policy, run:\n  ${planCommand(asked)}`,
    ...assumption,
  ].join('\n')
}

/** The findings that the recommended policy leaves; no lines if there are none. */
export function unfixedLines(unfixed: readonly Finding.Finding[]): string[] {
  return unfixed.length === 0
    ? []
    : [
        'Not fixed by a key policy:',
        ...unfixed.flatMap(({ code, summary, remedy }) => [
          `- ${code}: ${summary}`,
          `  fix: ${remedy}`,
        ]),
      ]
}

/** The command that plans for the same key and roles. */
function planCommand({ subject, given }: Asked): string {
  const of =
    'stack' in subject ? ['--stack', subject.stack] : ['--key', subject.keyId]
  return ['keyward access plan', ...[...of, ...flagsFor(given)].map(shellWord)]
    .join(' ')
    .trim()
}

function flagsFor(given: GivenRoles): string[] {
  const { minimumDeletionWindowDays: days, importExpiration } = given
  return [
    ...roleNames.flatMap((name) =>
      given[name] === undefined ? [] : [flags[name], ...given[name]],
    ),
    ...(days === undefined ? [] : ['--min-deletion-days', String(days)]),
    ...(importExpiration === undefined
      ? []
      : ['--import-expiration', importExpiration]),
  ]
}

/** The flags of these roles, as alternatives. */
function flagsOf(names: readonly RoleName[]): string {
  return names
    .map((name) => flags[name])
    .join(', ')
    .replace(/, ([^,]+)$/, ' or $1')
}
