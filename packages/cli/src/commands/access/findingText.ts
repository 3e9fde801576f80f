import type { Finding } from '@keyward/iam/review'
import type { Style } from '@keyward/toolkit'

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
