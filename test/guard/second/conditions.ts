import type { Action } from './Action.js'
import type { Asked } from './Asked.js'
import { judgeAll } from './argument.js'
import type { Document, Rule } from './Document.js'
import { feesOf } from './fees.js'
import { flowsUnder } from './flowsUnder.js'
import { judgeRatios } from './ratio.js'
import { type Truth, truth } from './Truth.js'
import { listed } from './tokens.js'
import { judgeWhat } from './what.js'

export type Question = { policy: Document; asked: Asked; action: Action }

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const kinds = [
  'payment',
  'call',
  'create',
  'typedData',
  'message',
  'authorization',
  'digest',
] as const

/** Whether a rule matches an action. */
export function matches(rule: Rule, question: Question): boolean {
  const about = kinds.filter((kind) => rule[kind] !== undefined)
  if (about.length > 0 && !about.includes(question.action.kind)) return false
  const truths = [
    ...judgeAround(rule, question),
    ...judgeWhat(rule, question.action, question.policy),
    ...judgeArguments(rule, question),
    ...judgeOutflows(rule, question),
    ...judgeDangers(rule, question.action),
  ]
  return rule.effect === 'deny'
    ? !truths.includes('fails')
    : truths.every((one) => one === 'holds')
}

const secondsOf = ({ facts }: Asked) =>
  BigInt(Math.floor(Date.parse(facts.time) / 1000))

function judgeAround(rule: Rule, { asked, action }: Question): Truth[] {
  const { caller, request } = asked
  const account = asked.account?.toLowerCase()
  const truths: Truth[] = []
  if (rule.callers)
    truths.push(
      caller === undefined ? 'unknown' : truth(rule.callers.includes(caller)),
    )
  if (rule.accounts)
    truths.push(
      account === undefined
        ? 'unknown'
        : truth(rule.accounts.some((one) => one.toLowerCase() === account)),
    )
  if (rule.chains) truths.push(judgeChains(rule, rule.chains, action))
  if (rule.hours) {
    const time = new Date(asked.facts.time)
    const day = days[time.getUTCDay()]!
    const minute = time.getUTCHours() * 60 + time.getUTCMinutes()
    truths.push(
      truth(
        rule.hours.some(
          (one) =>
            (one.days ?? days).includes(day) &&
            minuteOf(one.from ?? '00:00') <= minute &&
            minute < minuteOf(one.to ?? '24:00'),
        ),
      ),
    )
  }
  if (request.kind !== 'transaction') return truths
  const types =
    rule.types ??
    (rule.effect === 'deny' ? undefined : ['legacy', 'eip2930', 'eip1559'])
  if (types) truths.push(truth(types.includes(request.transaction.type)))
  const fees = feesOf(request.transaction)
  for (const [name, limit] of Object.entries(rule.fee ?? {}))
    truths.push(truth(fees[name]! <= BigInt(limit)))
  return truths
}

function judgeChains(
  rule: Rule,
  chains: readonly number[],
  { chain, kind }: Action,
): Truth {
  const isListed = chains.some((one) => BigInt(one) === chain)
  if (chain === 0n && kind === 'authorization' && !isListed) return 'unknown'
  if (chain !== undefined) return truth(isListed)
  return rule.typedData?.without?.includes('chainId') ? 'holds' : 'unknown'
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

function judgeArguments(rule: Rule, question: Question): Truth[] {
  const { policy, asked, action } = question
  const what = rule.call ?? rule.typedData
  const around = { policy, chain: action.chain, now: secondsOf(asked) }
  const truths: Truth[] = []
  if (what?.args) truths.push(judgeAll(action.args, what.args, around))
  if (what?.ratios) truths.push(judgeRatios(action.args, what.ratios, policy))
  if (rule.effect !== 'deny' && rule.maxValidity !== 'unlimited') {
    const latest = around.now + BigInt(rule.maxValidity ?? 3600)
    truths.push(truth(action.deadlines.every((one) => one <= latest)))
  }
  return truths
}

function judgeOutflows(rule: Rule, { policy, action }: Question): Truth[] {
  const flows = flowsUnder(action, rule)
  const truths: Truth[] = []
  if (rule.effect !== 'deny' && flows === 'unsaid') truths.push('unknown')
  const { recipients } = rule
  if (!recipients) return truths
  const isListed = (address: string | undefined) =>
    listed(policy, recipients, action.chain, address)
  const denies = rule.effect === 'deny'
  const valued = denies && action.value > 0n && isListed(action.to)
  if (action.kind === 'payment') truths.push(truth(isListed(action.to)))
  else if (valued) truths.push('holds')
  else if (flows === 'unknown' || flows === 'unsaid') truths.push('unknown')
  else {
    const goes = flows.map(({ recipient }) => isListed(recipient))
    truths.push(truth(denies ? goes.includes(true) : !goes.includes(false)))
  }
  return truths
}

function judgeDangers(rule: Rule, { dangers }: Action): Truth[] {
  if (rule.effect === 'deny')
    return rule.dangers
      ? [truth(rule.dangers.some((one) => dangers.includes(one)))]
      : []
  return [truth(dangers.every((one) => rule.dangers?.includes(one)))]
}
