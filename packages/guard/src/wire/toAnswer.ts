import type { Decision } from '../evaluate/Decision.js'

/** A decision in the answer of the check format (docs/policy.md). */
export function toAnswer(given: Decision) {
  const { decision, mode, rule, reasons, actions, shadow } = given
  return {
    ...{ decision, mode, rule: rule ?? null, reasons },
    reservations: given.reservations.map(
      ({ window, scope, amount, before }) => ({
        window: window.id,
        scope,
        asset: window.asset,
        amount: String(amount),
        before: String(before),
        limit: String(window.limit),
      }),
    ),
    actions: actions.map((one) => ({ ...one, rule: one.rule ?? null })),
    shadow,
  }
}

export type Answer = ReturnType<typeof toAnswer>
