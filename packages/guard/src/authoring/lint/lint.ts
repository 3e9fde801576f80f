import { parse } from '../../policy/parse/parsePolicy.js'
import type { Finding, Look } from './Finding.js'
import { findAnybody } from './findAnybody.js'
import { findArguments } from './findArguments.js'
import { findExamples, findShadow, findUnchecked } from './findExamples.js'
import { findLimitless } from './findLimitless.js'
import { findUnreachable } from './findUnreachable.js'

const looks: readonly Look[] = [
  ...[findUnreachable, findArguments, findLimitless, findAnybody],
  ...[findExamples, findUnchecked, findShadow],
]

/**
 * What in a policy is probably not meant: errors first, then in the order of
 * the rules.
 *
 * @param text - As `parsePolicy` takes it.
 * @param abi - Functions of the user's ABI files.
 * @throws PolicySyntaxError or InvalidRequestError for what is no policy
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
