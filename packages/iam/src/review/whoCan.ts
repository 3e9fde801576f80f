import * as Capability from './Capability.js'
import { collectCallers } from './collectCallers.js'
import { unique } from './compare.js'
import { describeCallers, rolesOf } from './describeCallers.js'
import { describeConditions } from './describePolicy.js'
import { inferRoles } from './inferRoles.js'
import { judge } from './judge.js'
import type { KeyFacts } from './KeyFacts.js'
import * as KeyPolicy from './KeyPolicy.js'

/** The permissions of one principal, or of a kind of principal, on a key. */
export type WhoCan = {
  /** An ARN, or words such as `anybody in any AWS account`. */
  who: string
  /** Its roles in the policy, e.g. `administrator`. */
  is: string[]
  /** Codes of the capabilities, e.g. `sign`, that the policy alone gives. */
  may: string[]
  /** Codes of the capabilities that its own IAM policy must allow too. */
  mayByIam: string[]
  /** Conditions on some of these permissions that can't be judged here. */
  conditions: string[]
}

/**
 * Lists what each principal may do with a key, according to the key's policy.
 * Grants can allow more. Any part of the policy that can't be read is listed
 * under `unread`.
 *
 * @param policyText - As GetKeyPolicy returns it.
 */
export function whoCan(
  policyText: string,
  key: KeyFacts,
): { rows: WhoCan[]; unread: string[] } {
  const policy = KeyPolicy.parse(policyText)
  const inferred = inferRoles(policy, key)
  const roles = {
    ...inferred.roles,
    goesWithStack: inferred.goesWithStack,
    importExpiration: inferred.importExpiration,
    minimumDeletionWindowDays: 30,
  }
  const capabilities = Capability.all(key, {
    minimumDeletionWindowDays: 30,
    importExpiration: 'any',
  })
  const rows = collectCallers([policy], key).flatMap((caller) => {
    const found = capabilities.map((capability) => {
      const judgements = capability.requests.map((request) =>
        judge(policy.statements, { caller, request, key }),
      )
      return { code: capability.code, within: capability.within, judgements }
    })
    const codes = (may: 'iam' | 'yes') =>
      found
        .filter(({ judgements }) => judgements.some((each) => each.may === may))
        .map(({ code }) => code)
    const may = codes('yes')
    const mayByIam = codes('iam')
    if (may.length + mayByIam.length === 0) return []
    const unsure = found
      .flatMap(({ judgements }) => judgements)
      .filter((each) => each.may !== 'no' && !each.isSure)
    const [who = ''] =
      caller.name === undefined || caller.kind === 'root'
        ? describeCallers(
            [{ caller, may: may.length > 0 ? 'yes' : 'iam' }],
            key,
            roles,
          )
        : [caller.name]
    return [
      {
        who,
        is: rolesOf(caller.name ?? '', roles),
        ...{ may, mayByIam },
        conditions: unique(
          unsure.flatMap(({ allowedBy, deniedBy }) =>
            [...allowedBy, ...deniedBy].flatMap(({ json }) =>
              describeConditions(json.Condition),
            ),
          ),
        ),
      },
    ]
  })
  return {
    rows: mergeAlike(rows),
    unread: policy.unread.map(
      (each) => `${KeyPolicy.label(each)}: ${each.reason}`,
    ),
  }
}

/** Merges rows of "every role in" and "every user in" that are alike. */
function mergeAlike(rows: readonly WhoCan[]): WhoCan[] {
  const merged = new Map<string, WhoCan>()
  for (const row of rows) {
    const who = row.who.replace(/^every (role|user) in /, 'everybody in ')
    const rest = JSON.stringify([row.may, row.mayByIam, row.conditions])
    const id = `${who} ${rest}`
    const before = merged.get(id)
    merged.set(id, before === undefined ? row : { ...row, who })
  }
  return [...merged.values()]
}

/**
 * Formats the result of {@link whoCan} as text, one paragraph per principal.
 */
export function whoCanText({
  rows,
  unread,
}: ReturnType<typeof whoCan>): string {
  const lines = rows.flatMap(({ who, is, may, mayByIam, conditions }) => [
    is.length === 0 ? who : `${who} (${is.join(', ')})`,
    ...(may.length === 0 ? [] : [`  may: ${may.join(', ')}`]),
    ...(mayByIam.length === 0
      ? []
      : [`  may, if its IAM policy allows it: ${mayByIam.join(', ')}`]),
    ...conditions.map((condition) => `  depends on: ${condition}`),
  ])
  return [
    ...(rows.length === 0 ? ['This policy gives nobody access.'] : lines),
    ...unread.map((reason) => `Not understood: ${reason}`),
  ].join('\n')
}
