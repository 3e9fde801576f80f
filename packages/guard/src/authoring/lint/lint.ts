import { parse } from '../../policy/parse/parsePolicy.js'
import type { Finding, Look } from './Finding.js'
import { findAnybody } from './findAnybody.js'
import { findArguments } from './findArguments.js'
import { findExamples, findShadow, findUnchecked } from './findExamples.js'
import { findIdle } from './findIdle.js'
import { findLimitless } from './findLimitless.js'
import { findNegative } from './findNegative.js'
import { findUnreachable } from './findUnreachable.js'

const looks: readonly Look[] = [
  ...[findUnreachable, findArguments, findLimitless, findIdle, findAnybody],
  ...[findExamples, findUnchecked, findShadow, findNegative],
]

/**
 * Finds likely mistakes in a policy: errors first, then in rule order.
 *
 * @param text - As for `parsePolicy`.
 * @param abi - Functions of the user's ABI files.
 * @throws PolicySyntaxError or InvalidRequestError if it is not a valid policy
 */
export function lint(text: string, abi: readonly string[] = []): Finding[] {
  const policy = parse(text, abi)
  const document: unknown = JSON.parse(text)
  const found = looks.flatMap((look) => look(policy, document))
  const order = policy.rules.map(({ id }) => id)
  const rank = ({ level, rule }: Finding) =>
    (level === 'error' ? 0 : 1e6) + (rule === null ? 1e5 : order.indexOf(rule))
  return found.sort((one, other) => rank(one) - rank(other))
}
