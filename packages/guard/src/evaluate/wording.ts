import { escapeInvisible } from '@keyward/core/errors'
import type { Value } from '../abi/Type.js'
import type { AddressSet } from '../policy/AddressSet.js'
import type { ArgumentCondition, Literal } from '../policy/ArgumentCondition.js'
import type { FeeCaps, Hours, Rule } from '../policy/Policy.js'
import { describe, describeBytes } from './describe.js'
import { flowsUnder } from './flowsUnder.js'
import { formatAddress } from './format.js'
import { findArgument } from './holds.js'
import type { Question } from './Question.js'

const nobody = 'no value'
const noDeadline = 2n ** 256n - 1n

/** The action as the noun of a sentence: `a request to pay 1 ETH to ...`. */
export function requestTo({ action, policy }: Question): string {
  return `a request to ${describe(action, policy)}`
}

/** The value that a condition was tested against, in words. */
export function came(name: string, question: Question, rule: Rule): string {
  const { action, subject, fees, time, policy } = question
  const { typedData, message, decoded } = action
  if (name.startsWith('fee.'))
    return `${fees?.[name.slice(4) as keyof FeeCaps] ?? nobody}${unitOf(name)}`
  const path = /\.args\.(.*)$/.exec(name)?.[1]
  if (path !== undefined) {
    if (decoded === undefined) return describeBytes(action)
    const argument = findArgument(decoded, path.split('.'))
    return argument === undefined
      ? 'no argument with this name'
      : valueText(argument.value)
  }
  switch (name) {
    case 'callers':
      return subject.caller ?? 'an unknown caller'
    case 'accounts':
      return subject.account ?? 'an unknown account'
    case 'chains':
      return String(action.chain ?? 'no chain')
    case 'hours':
      return new Date(time).toISOString()
    case 'types':
      return fees?.type ?? nobody
    case 'dangers':
      return action.dangers.join(', ') || 'none'
    case 'maxValidity':
      return action.deadlines
        .map((one) =>
          one === noDeadline ? 'no deadline' : `a deadline at Unix time ${one}`,
        )
        .join(', ')
    case 'recipients': {
      const flows = flowsUnder(rule, action)
      if (action.kind === 'payment')
        return action.to === undefined
          ? nobody
          : formatAddress(policy, action.to)
      return typeof flows === 'string'
        ? `${requestTo(question)}, whose recipient is unknown`
        : flows.map((one) => formatAddress(policy, one.recipient)).join(', ')
    }
    case 'typedData.kinds':
      return (
        typedData?.kind ??
        `the unknown type ${escapeInvisible(typedData?.encodeType.slice(0, 200) ?? '')}`
      )
    case 'typedData.without':
      return `a domain without ${typedData?.lacks.join(' or ')}`
    case 'message.kinds':
      return message?.kind ?? nobody
    case 'message.texts':
      return message?.text === undefined
        ? nobody
        : escapeInvisible(message.text.slice(0, 100))
    case 'message.domains':
      return message?.signIn?.domain ?? nobody
    case 'message.uris':
      return message?.signIn?.uri ?? nobody
    case 'message.minNonceLength':
      return message?.signIn === undefined
        ? nobody
        : characters(message.signIn.nonce.length)
    case 'call.to':
    case 'typedData.contracts':
    case 'authorization.delegates':
      return action.to === undefined ? nobody : formatAddress(policy, action.to)
    case 'call.functions':
      return decoded?.signature?.text ?? describeBytes(action)
    default:
      return requestTo(question)
  }
}

/** What the rule's condition requires, in words. */
export function wanted(name: string, _question: Question, rule: Rule): string {
  const { what, fee } = rule
  if (name.startsWith('fee.'))
    return `at most ${fee[name.slice(4) as keyof FeeCaps]}${unitOf(name)}`
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
      return hoursText(rule.hours ?? [])
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
      return "an action whose outflow is known, or is declared in the rule's spends"
    default:
  }
  switch (what?.kind) {
    case 'call':
      return name === 'call.to'
        ? names(what.to)
        : name === 'call.functions'
          ? (what.functions?.map((one) => one.text).join(', ') ?? '')
          : "a ratio within the rule's bounds"
    case 'typedData':
      if (name === 'typedData.contracts') return names(what.contracts)
      if (name === 'typedData.kinds') return what.kinds?.join(', ') ?? ''
      return name === 'typedData.without'
        ? `a domain with ${required(what.without).join(' and ')}`
        : "a ratio within the rule's bounds"
    case 'message': {
      const key = name.slice('message.'.length) as keyof typeof what
      const value = what[key]
      return Array.isArray(value)
        ? escapeInvisible(value.join(', '))
        : `at least ${characters(Number(value))}`
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

const characters = (count: number) =>
  `${count} character${count === 1 ? '' : 's'}`

/** The unit of a fee limit. */
const unitOf = (name: string) => (name === 'fee.maxGas' ? ' gas' : ' wei')

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `Mon Tue 09:00 to 17:00 UTC; every day 20:00 to 21:00 UTC`. */
export function hoursText(hours: readonly Hours[]): string {
  return hours
    .map(
      ({ days, from, to }) =>
        `${days?.map((day) => dayNames[day]).join(' ') ?? 'every day'} ${clock(from)} to ${clock(to)} UTC`,
    )
    .join('; ')
}

const clock = (minutes: number) =>
  [minutes / 60, minutes % 60]
    .map((one) => String(Math.floor(one)).padStart(2, '0'))
    .join(':')

/** A value in words, shortened because people read it in a refusal. */
function valueText(value: Value): string {
  const text =
    typeof value === 'object'
      ? `${value.length} item${value.length === 1 ? '' : 's'}`
      : String(value)
  return escapeInvisible(text.length > 100 ? `${text.slice(0, 100)}...` : text)
}

export function conditionText(condition: ArgumentCondition): string {
  return Object.entries(condition)
    .filter(([, value]) => value !== undefined)
    .map(([operator, value]) => {
      if (operator === 'in') {
        const { literals, addresses } = value as NonNullable<
          ArgumentCondition['in']
        >
        return `in ${[...literals.map(literalText), ...addresses.names].join(', ')}`
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
        : `${operator} ${literalText(value as Literal | bigint)}`
    })
    .join(', ')
}

/** Quotes a text that would not read as one word. */
function literalText(value: Literal | bigint): string {
  return typeof value === 'string' && !/^[\w.:/@+-]+$/.test(value)
    ? escapeInvisible(JSON.stringify(value))
    : String(value)
}
