import { type Finding, Findings, flags } from '@keyward/iam/review'
import type { Style } from '@keyward/toolkit'
import type { AccessReport } from '@keyward/toolkit/access'

/** All findings as text. A remedy that several of them share is printed once. */
export function findingsText(
  findings: readonly Finding.Finding[],
  style: Style,
): string[] {
  return findings.flatMap((finding, index) => {
    const { remedy } = finding
    const first = findings.findIndex((each) => each.remedy === remedy)
    const fix = first === index ? remedy : `see ${findings[first]?.code} above`
    return [findingText({ ...finding, remedy: fix }, style), '']
  })
}

function findingText(finding: Finding.Finding, style: Style): string {
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
