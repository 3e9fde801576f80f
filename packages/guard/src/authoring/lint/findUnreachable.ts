import type { Rule } from '../../policy/Policy.js'
import { covers } from './covers.js'
import { at, type Finding, type Look } from './Finding.js'

const isEnforced = ({ mode }: Rule) => mode === 'enforce'

/** Finds rules that never decide anything, and denials that deny nothing. */
export const findUnreachable: Look = ({ rules }) => {
  const denying = rules.filter(
    (rule) => isEnforced(rule) && rule.effect === 'deny',
  )
  return rules.flatMap((rule, index): Finding[] => {
    const never = emptyOf(rule)
    if (never !== undefined)
      return [
        finding(rule, 'unreachable', {
          what: `The rule never matches: ${never}.`,
          why:
            rule.effect === 'deny'
              ? 'Requests that it should refuse are not refused.'
              : 'Requests that it should allow are refused.',
          fix: 'Correct or delete the rule.',
        }),
      ]
    const earlier = rules
      .slice(0, index)
      .filter((one) => isEnforced(one) && one.effect === rule.effect)
      .find((one) => covers(one, rule))
    if (rule.effect === 'deny') {
      if (earlier !== undefined)
        return [
          finding(rule, 'shadowed-deny', {
            what: `Rule ${earlier.id} already refuses everything that this rule refuses.`,
            why: 'A reader may assume that this rule has an effect.',
            fix: `Delete this rule, or make it refuse more than ${earlier.id}.`,
          }),
        ]
      return isEnforced(rule)
        ? []
        : [
            {
              ...finding(rule, 'shadow-deny', {
                what: 'The rule is in shadow mode: it denies nothing.',
                why: 'Requests that it matches are logged, and signed if another rule allows them.',
                fix: 'When the log shows only refusals that you expect, set mode to enforce.',
              }),
              level: 'warning',
            },
          ]
    }
    const refusing = denying.find((one) => covers(one, rule))
    if (refusing !== undefined)
      return [
        finding(rule, 'unreachable', {
          what: `Rule ${refusing.id} denies everything that this rule allows.`,
          why: 'A deny rule wins, whatever its position.',
          fix: `Delete one of the rules, or narrow ${refusing.id}.`,
        }),
      ]
    return earlier === undefined
      ? []
      : [
          finding(rule, 'unreachable', {
            what: `Rule ${earlier.id} already allows everything that this rule allows.`,
            why: 'The first rule that matches decides. If its limits refuse a request, no later rule can allow it.',
            fix: `Move this rule above ${earlier.id}, or delete it.`,
          }),
        ]
  })
}

function finding(
  rule: Rule,
  code: string,
  words: Pick<Finding, 'what' | 'why' | 'fix'>,
): Finding {
  return { code, level: 'error', rule: rule.id, path: at(rule), ...words }
}

/** A condition that nothing can meet. */
function emptyOf(rule: Rule): string | undefined {
  const { what } = rule
  for (const name of ['callers', 'accounts', 'chains', 'hours'] as const)
    if (rule[name]?.length === 0) return `${name} is empty`
  if (rule.effect === 'deny' && rule.dangers?.length === 0)
    return 'dangers is empty'
  if (rule.types?.length === 0) return 'types is empty'
  if (rule.effect === 'deny' && what !== undefined) {
    const { kind } = what
    const isCalled =
      kind === 'payment' || kind === 'call' || kind === 'typedData'
    if (rule.dangers !== undefined && !isCalled)
      return `no ${kind} action has dangers`
    if (rule.recipients !== undefined && !isCalled)
      return `no ${kind} action has recipients`
  }
  const sets = {
    ...(what?.kind === 'payment' && { recipients: rule.recipients }),
    ...(what?.kind === 'call' && { 'call.to': what.to }),
    ...(what?.kind === 'authorization' && { delegates: what.delegates }),
  }
  for (const [name, set] of Object.entries(sets)) {
    if (set === undefined || set.everywhere.size > 0) continue
    if (set.onChain.size === 0) return `${name} is empty`
    const { chains } = rule
    const isThere = [...set.onChain].some((one) =>
      chains?.includes(BigInt(one.split(':')[0] ?? '')),
    )
    if (chains !== undefined && !isThere)
      return `no token in ${name} is on the rule's chains`
  }
  if (what?.kind === 'call' && what.functions?.length === 0)
    return 'functions is empty'
  if (what?.kind === 'typedData' && what.kinds?.length === 0)
    return 'kinds is empty'
  return what?.kind === 'message' && what.kinds.length === 0
    ? 'kinds is empty'
    : undefined
}
