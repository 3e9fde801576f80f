import { type Check, problem } from './Check.js'

/**
 * Checks a policy's mode. In shadow mode, a policy limits nothing, although
 * people may assume that it does.
 */
export function checkPolicy(answer: Record<string, unknown>): Check[] {
  const { policy_sha256: hash, policy_mode: mode } = answer
  const { policy_name: called, policy_problem: found } = answer
  const name = 'policy'
  if (typeof found === 'string')
    return [
      problem(
        name,
        found,
        'Until this is fixed, nothing is signed. Deploy the policy again.',
      ),
    ]
  if (typeof hash !== 'string' || typeof mode !== 'string') return []
  const of = typeof called === 'string' ? `${called}, ` : ''
  const about = `${of}SHA-256 ${hash.slice(0, 16)}...,`
  if (mode !== 'shadow')
    return [{ name, ok: true, found: `${about} is enforced` }]
  const fix =
    'Check the log for requests that the policy would refuse. Then deploy the policy in enforce mode.'
  return [
    {
      name,
      ok: undefined,
      found: `${about} is in shadow mode and refuses nothing yet`,
      fix,
    },
  ]
}
