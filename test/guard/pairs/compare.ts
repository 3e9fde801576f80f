import {
  type AskedQuestion,
  evaluate,
  type Policy,
  parsePolicy,
  readQuestion,
} from '@keyward/guard'
import type { Asked } from '../second/Asked.js'
import type { Document } from '../second/Document.js'
import { type Decision, decide } from '../second/decide.js'
import { keyOf } from '../second/limits.js'

/** What the product decides; of what it can't read, that it denies. */
function ask(policy: Document, asked: Asked): Decision {
  const read: Policy = parsePolicy(JSON.stringify(policy))
  let question: AskedQuestion
  try {
    question = readQuestion(JSON.parse(JSON.stringify(asked)), 0)
  } catch {
    const mode = policy.mode ?? 'enforce'
    const rest = { reservations: [], actions: [], shadow: [] }
    return { decision: 'deny', mode, rule: undefined, ...rest }
  }
  const { request, subject, facts } = question
  const { decision, mode, rule, ...lists } = evaluate(
    read,
    request,
    subject,
    facts,
  )
  return {
    decision,
    mode,
    rule,
    reservations: lists.reservations.map(
      ({ window, scope, amount, before }) => ({
        window: window.id,
        scope: scope as Decision['reservations'][number]['scope'],
        amount,
        before,
      }),
    ),
    actions: lists.actions.map(({ path, rule }) => ({ path, rule })),
    shadow: lists.shadow,
  }
}

/** Both decisions, in the same order. */
export function compare(policy: Document, asked: Asked) {
  return {
    product: sorted(ask(policy, asked)),
    second: sorted(decide(policy, asked)),
  }
}

function sorted(decision: Decision): Decision {
  const key = ({ window, scope }: Decision['reservations'][number]) =>
    window + keyOf(scope)
  const reservations = [...decision.reservations].sort((one, other) =>
    key(one) < key(other) ? -1 : 1,
  )
  return { ...decision, reservations }
}
