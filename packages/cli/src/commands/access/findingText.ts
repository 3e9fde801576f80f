import { type Finding, Findings, flags } from '@keyward/iam/review'
import type { Style } from '@keyward/toolkit'
import type { AccessReport } from '@keyward/toolkit/access'

export function findingText(finding: Finding.Finding, style: Style): string {
  const { severity, code, summary, risk, remedy, statements } = finding
  const mark = severity.toUpperCase().padEnd(6)
  const paint = { high: style.red, medium: style.bold, low: style.dim }
  return [
    `${paint[severity](mark)}  ${code}: ${summary}`,
    ...(statements.length === 0
      ? []
      : [`        by:  ${statements.join(', ')}`]),
    `        why: ${risk}`,
    `        fix: ${remedy}`,
  ].join('\n')
}

/** The flags of these roles, as alternatives. */
function flagsOf(names: AccessReport['assumed']): string {
  return names
    .map((name) => flags[name as keyof typeof flags])
    .join(', ')
    .replace(/, ([^,]+)$/, ' or $1')
}

export function conclusion({ findings, assumed }: AccessReport): string {
  const assumption =
    assumed.length === 0
      ? ''
      : ` The roles marked as assumed were taken from the policy itself. If one of them is wrong, pass the right ones with ${flagsOf(assumed)}.`
  if (findings.length === 0)
    return `No findings: the policy allows only the actions that the roles need.${assumption}`
  return `${Findings.count(findings)}. To see the recommended policy, run keyward access plan.${assumption}`
}
