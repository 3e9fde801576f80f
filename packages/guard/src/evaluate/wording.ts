import type { Value } from '../abi/Type.js'
import type { AddressSet } from '../policy/AddressSet.js'
import type { ArgumentCondition } from '../policy/ArgumentCondition.js'
import type { FeeCaps, Rule } from '../policy/Policy.js'
import { describe } from './describe.js'
import { flowsUnder } from './flowsUnder.js'
import { formatAddress } from './format.js'
import { findArgument } from './holds.js'
import type { Question } from './Question.js'

const nobody = 'no value'

/** The value that a condition was tested against, in words. */
export function came(name: string, question: Question, rule: Rule): string {
  const { action, subject, fees, time, policy } = question
  const { typedData, message, decoded } = action
  if (name.startsWith('fee.'))
    return String(fees?.[name.slice(4) as keyof FeeCaps] ?? nobody)
  const path = /\.args\.(.*)$/.exec(name)?.[1]
  if (path !== undefined) {
    const argument = decoded && findArgument(decoded, path.split('.'))
    return argument === undefined
      ? 'no such argument'
      : valueText(argument.value)
  }
  switch (name) {
    case 'callers':
      return subject.caller ?? nobody
    case 'accounts':
      return subject.account ?? nobody
    case 'chains':
      return String(action.chain ?? 'no chain')
    case 'hours':
      return new Date(time).toISOString()
    case 'types':
      return fees?.type ?? nobody
    case 'dangers':
      return action.dangers.join(', ') || 'none'
    case 'maxValidity':
      return `valid until Unix time ${action.deadlines.join(', ')}`
    case 'recipients': {
      const flows = flowsUnder(rule, action)
      return typeof flows === 'string' || action.kind === 'payment'
        ? describe(action, policy)
        : flows.map((one) => formatAddress(policy, one.recipient)).join(', ')
    }
    case 'typedData.kinds':
      return (
        typedData?.kind ?? `unknown: ${typedData?.encodeType.slice(0, 200)}`
      )
    case 'typedData.without':
      return `no ${typedData?.lacks.join(', no ')}`
    case 'message.kinds':
      return message?.kind ?? nobody
    case 'message.texts':
      return message?.text?.slice(0, 100) ?? nobody
    case 'message.domains':
      return message?.signIn?.domain ?? nobody
    case 'message.uris':
      return message?.signIn?.uri ?? nobody
    case 'message.minNonceLength':
      return String(message?.signIn?.nonce.length ?? nobody)
    case 'call.to':
    case 'typedData.contracts':
    case 'authorization.delegates':
      return action.to === undefined ? nobody : formatAddress(policy, action.to)
    case 'call.functions':
      return decoded?.signature?.text ?? `bytes ${action.data.slice(0, 10)}`
    default:
      return describe(action, policy)
  }
}

/** What the rule's condition requires, in words. */
export function wanted(name: string, _question: Question, rule: Rule): string {
  const { what, fee } = rule
  if (name.startsWith('fee.'))
    return `at most ${fee[name.slice(4) as keyof FeeCaps]}`
  const path = /\.args\.(.*)$/.exec(name)?.[1]
  if (path !== undefined && what !== undefined && 'args' in what) {
    const named = what.args.find((one) => one.path.join('.') === path)
    return named === undefined ? '' : conditionText(named.condition)
  }
  const names = (set: AddressSet | undefined) => set?.names.join(', ') ?? ''
  switch (name) {
    case 'callers':
      return rule.callers?.join(', ') ?? ''
    case 'accounts':
      return rule.accounts?.join(', ') ?? ''
    case 'chains':
      return rule.chains?.join(', ') ?? ''
    case 'hours':
      return (rule.hours ?? [])
        .map(({ from, to }) => `${clock(from)} to ${clock(to)} UTC`)
        .join(', ')
    case 'types':
      return rule.types?.join(', ') ?? ''
    case 'dangers':
      return (
        rule.dangers?.join(', ') || 'no dangers, because the rule lists none'
      )
    case 'maxValidity':
      return `a deadline at most ${rule.maxValidity} seconds from now`
    case 'recipients':
      return names(rule.recipients)
    case 'spends':
      return 'a call whose outflow is known or declared in the rule’s spends'
    default:
  }
  switch (what?.kind) {
    case 'call':
      return name === 'call.to'
        ? names(what.to)
        : name === 'call.functions'
          ? (what.functions?.map((one) => one.text).join(', ') ?? '')
          : 'a ratio within the rule’s bounds'
    case 'typedData':
      if (name === 'typedData.contracts') return names(what.contracts)
      if (name === 'typedData.kinds') return what.kinds?.join(', ') ?? ''
      return name === 'typedData.without'
        ? `a domain with ${required(what.without).join(' and ')}`
        : 'a ratio within the rule’s bounds'
    case 'message': {
      const key = name.slice('message.'.length) as keyof typeof what
      const value = what[key]
      return Array.isArray(value)
        ? value.join(', ')
        : `at least ${value} characters`
    }
    case 'authorization':
      return names(what.delegates)
    default:
      return ''
  }
}

/** The fields that a domain must have under a rule. */
function required(without: readonly string[]): string[] {
  return ['chainId', 'verifyingContract'].filter(
    (field) => !without.includes(field),
  )
}

export const clock = (minutes: number) =>
  [minutes / 60, minutes % 60]
    .map((one) => String(Math.floor(one)).padStart(2, '0'))
    .join(':')

/** A value in words, shortened because people read it in a refusal. */
function valueText(value: Value): string {
  const text =
    typeof value === 'object' ? `${value.length} items` : String(value)
  return text.length > 100 ? `${text.slice(0, 100)}...` : text
}

export function conditionText(condition: ArgumentCondition): string {
  return Object.entries(condition)
    .filter(([, value]) => value !== undefined)
    .map(([operator, value]) => {
      if (operator === 'in') {
        const { literals, addresses } = value as NonNullable<
          ArgumentCondition['in']
        >
        return `in ${[...literals, ...addresses.names].join(', ')}`
      }
      return typeof value === 'object'
        ? `${operator} (${
            Array.isArray(value)
              ? value
                  .map(
                    (one) =>
                      `${one.path.join('.')} ${conditionText(one.condition)}`,
                  )
                  .join(', ')
              : conditionText(value as ArgumentCondition)
          })`
        : `${operator} ${value}`
    })
    .join(', ')
}
