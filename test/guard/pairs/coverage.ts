import type { Condition, Rule } from '../second/Document.js'
import { type Decision, readActions } from '../second/decide.js'
import type { Pair } from './makePair.js'

/** What took part in a decision: of the rules that decided, and of windows. */
export function featuresOf(
  { policy, asked }: Pair,
  decision: Decision,
): ReadonlySet<string> {
  const found = new Set<string>([decision.decision])
  const ids = new Set(decision.actions.map(({ rule }) => rule))
  ids.add(decision.rule)
  for (const rule of policy.rules)
    if (ids.has(rule.id)) for (const one of ofRule(rule)) found.add(one)
  if (decision.shadow.length > 0) found.add('shadow')
  const refused = decision.decision === 'deny' && !decision.actions.some(isOpen)
  const windows = new Set(decision.reservations.map(({ window }) => window))
  if (refused) {
    found.add('limit')
    for (const { id, windows: named = [] } of policy.rules)
      if (ids.has(id)) for (const one of named) windows.add(one)
  }
  for (const id of windows) {
    const { asset, length, per = [] } = policy.windows![id]!
    found.add(`window ${policy.tokens?.[asset]?.kind ?? asset}`)
    found.add(`window ${length}`)
    for (const one of per) found.add(`window per ${one}`)
  }
  const actions = readActions(policy, asked) ?? []
  for (const [at, { rule }] of decision.actions.entries()) {
    const { kind, typedData, message, dangers } = actions[at]!
    if (rule === undefined && decision.rule === undefined) continue
    found.add(`kind ${kind}`)
    if (typedData?.kind) found.add(`typed data ${typedData.kind}`)
    if (message) found.add(`message ${message.kind}`)
    for (const one of dangers) found.add(`danger ${one}`)
  }
  return found
}

const isOpen = ({ rule }: { rule: string | undefined }) => rule === undefined

function* ofRule(rule: Rule): Generator<string> {
  yield `rule that ${rule.effect === 'deny' ? 'denies' : 'allows'}`
  for (const name of Object.keys(rule)) yield `condition ${name}`
  for (const name of Object.keys(rule.fee ?? {})) yield `condition fee.${name}`
  const { call, typedData, message } = rule
  if (call?.to === 'any') yield 'any contract'
  for (const what of [call, typedData, message])
    for (const name of Object.keys(what ?? {})) yield `condition ${name}`
  for (const one of [call, typedData])
    for (const condition of Object.values(one?.args ?? {}))
      yield* operatorsOf(condition)
}

function* operatorsOf(given: Condition): Generator<string> {
  for (const name of Object.keys(given)) yield `operator ${name}`
  const { length, every, some, none, fields } = given
  for (const one of [length, every, some, none, ...Object.values(fields ?? {})])
    if (one) yield* operatorsOf(one)
}
