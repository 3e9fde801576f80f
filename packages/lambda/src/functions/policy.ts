import {
  assertCounted,
  evaluate,
  explainDenial,
  parsePolicy,
} from '@keyward/guard'
import type { PolicyModule } from '../policy/PolicyModule.js'

/**
 * Policies, in a file of their own beside a function's: functions without one
 * neither have nor load it. It decides; who asked refuses.
 */
export const open: PolicyModule['open'] = (text) => {
  const policy = parsePolicy(text)
  assertCounted(policy)
  return (request, { caller, address }, time) => {
    const subject = { caller, account: address }
    const decided = evaluate(policy, request, subject, { time })
    const { decision, mode, rule, reasons } = decided
    return {
      ...{ decision, mode, rule, paths: reasons.map(({ path }) => path) },
      denial: decision === 'deny' ? explainDenial(decided) : undefined,
    }
  }
}
