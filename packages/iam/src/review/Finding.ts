import type { Severity } from './Capability.js'

/** One weakness of a key's access, in words. */
export type Finding = {
  /** Stable, e.g. `sign` or `missing`. */
  code: string
  severity: Severity
  /** The problem, in one sentence. */
  summary: string
  /** The possible consequence. */
  risk: string
  remedy: string
  /** The principals concerned; may be empty. */
  who: string[]
  /** The statements that cause it, e.g. `statement 1 "Open"`. */
  statements: string[]
}

const order: readonly Severity[] = ['high', 'medium', 'low']

export function sort(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  )
}

export function count(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings'
  const of = order.flatMap((severity) => {
    const n = findings.filter((each) => each.severity === severity).length
    return n === 0 ? [] : [`${n} ${severity}`]
  })
  return `${findings.length} finding${findings.length === 1 ? '' : 's'}: ${of.join(', ')}`
}
