import type { Finding } from '@keyward/iam/review'
import { Findings, planText } from '@keyward/iam/review'
import {
  findAll,
  openAccess,
  type PreparedPlan,
  preparePlan,
} from '@keyward/toolkit/access'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { type Asked, rolesText } from './checkAccess.js'

export type AccessPlan = {
  key: string
  isChange: boolean
  findings: Finding.Finding[]
  changes: PreparedPlan['changes']
  /** The whole policy as it would be set. */
  policy: PreparedPlan['document']
  /** Grants that would be revoked. */
  revoke: string[]
}

/** Shows the policy that would mend what is found, and sets nothing. */
export function planAccess(
  terminal: Terminal,
  { subject, given }: Asked,
): Promise<Result<AccessPlan>> {
  return openAccess(terminal, subject, given, async (open) => {
    const { connection, access, meant } = open
    const plan = preparePlan(access, meant, await connection.callerArn())
    const findings = findAll(access, meant)
    const revoke = (access.grants ?? []).map(({ GrantId = '' }) => GrantId)
    return {
      data: {
        key: access.key.arn,
        isChange: plan.isChange,
        findings,
        changes: plan.changes,
        policy: plan.document,
        revoke,
      },
      text: [
        rolesText(access, meant),
        '',
        changesText(plan, revoke),
        ...(plan.isChange
          ? [
              '',
              changesAsJson(plan),
              '',
              `${Findings.count(findings)}. Set it: keyward access apply`,
            ]
          : []),
      ].join('\n'),
    }
  })
}

/** What changes, in words. */
export function changesText(
  plan: PreparedPlan,
  revoke: readonly string[],
): string {
  return [
    plan.isChange ? planText(plan) : 'The policy stays as it is.',
    ...revoke.map((id) => `- the grant ${id}`),
  ].join('\n')
}

/** The same as JSON: each statement that goes or comes. */
function changesAsJson({ changes }: PreparedPlan): string {
  return changes
    .filter(({ change }) => change !== 'keep')
    .flatMap(({ change, statement }) => {
      const mark = change === 'add' ? '+' : '-'
      return JSON.stringify(statement, null, 2)
        .split('\n')
        .map((line) => `${mark} ${line}`)
    })
    .join('\n')
}
