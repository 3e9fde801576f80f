import type { Hex } from '@keyward/core'
import type { Signature } from '../abi/Signature.js'
import type { Action } from '../actions/Action.js'
import * as AddressSet from '../policy/AddressSet.js'
import type {
  Arguments,
  CallRule,
  FeeCaps,
  Hours,
  MessageRule,
  Rule,
  TypedDataRule,
} from '../policy/Policy.js'
import { flowsUnder } from './flowsUnder.js'
import { findArgument, holds, ratioHolds } from './holds.js'
import type { Question } from './Question.js'
import type { Truth } from './Truth.js'

/** A rule's condition by its path in the policy, and whether it holds. */
export type Tested = readonly [path: string, truth: Truth]

/** Whether a rule applies to this kind of action at all. */
export function concerns({ what }: Rule, action: Action): boolean {
  return what === undefined || what.kind === action.kind
}

/**
 * The conditions in the specification's order. A condition that the rule lacks
 * holds.
 */
export function* conditionsOf(
  rule: Rule,
  question: Question,
): Generator<Tested> {
  const { action, subject, fees } = question
  const isDeny = rule.effect === 'deny'
  if (rule.callers !== undefined)
    yield ['callers', isIn(subject.caller, rule.callers)]
  if (rule.accounts !== undefined)
    yield ['accounts', isIn(subject.account?.toLowerCase(), rule.accounts)]
  if (rule.chains !== undefined) yield ['chains', isOnChain(rule, action)]
  if (rule.hours !== undefined)
    yield ['hours', rule.hours.some((one) => isWithin(one, question.time))]
  if (fees !== undefined) {
    if (rule.types !== undefined)
      yield ['types', rule.types.includes(fees.type)]
    for (const name of feeNames) {
      const cap = rule.fee[name]
      if (cap !== undefined) yield [`fee.${name}`, fees[name] <= cap]
    }
  }
  yield* whatHolds(rule, question)
  const flows = flowsUnder(rule, action)
  if (!isDeny && flows === 'unsaid') yield ['spends', undefined]
  if (rule.recipients !== undefined)
    yield [
      'recipients',
      (isDeny ? goesToOne : goesTo)(rule.recipients, flows, action),
    ]
  if (isDeny) {
    if (rule.dangers !== undefined)
      yield [
        'dangers',
        action.dangers.some((one) => rule.dangers?.includes(one)),
      ]
    return
  }
  if (action.dangers.length > 0)
    yield [
      'dangers',
      action.dangers.every((one) => rule.dangers?.includes(one) === true),
    ]
  if (action.deadlines.length > 0 && rule.maxValidity !== undefined) {
    const last = BigInt(Math.floor(question.time / 1000)) + rule.maxValidity
    yield ['maxValidity', action.deadlines.every((one) => one <= last)]
  }
}

const feeNames: readonly (keyof FeeCaps)[] = [
  'maxFee',
  'maxGas',
  'maxFeePerGas',
  'maxFeePerBlobGas',
]

/** Unknown if the value is undefined. */
function isIn(value: string | undefined, list: readonly string[]): Truth {
  return value === undefined ? undefined : list.includes(value)
}

/** A domain without `chainId` is on no chain, which a rule may allow. */
function isOnChain({ chains, what }: Rule, { chain, kind }: Action): Truth {
  if (chain !== undefined && chains?.includes(chain)) return true
  // Chain 0 of an authorization means every chain, including each in the list.
  if (chain === 0n && kind === 'authorization') return undefined
  if (chain !== undefined) return false
  return what?.kind === 'typedData' && what.without.includes('chainId')
    ? true
    : undefined
}

function isWithin({ days, from, to }: Hours, time: number): boolean {
  const date = new Date(time)
  const minute = date.getUTCHours() * 60 + date.getUTCMinutes()
  return (
    (days === undefined || days.includes(date.getUTCDay())) &&
    minute >= from &&
    minute < to
  )
}

function goesTo(
  recipients: AddressSet.AddressSet,
  flows: ReturnType<typeof flowsUnder>,
  { kind, to, chain }: Action,
): Truth {
  if (kind === 'payment')
    return to !== undefined && AddressSet.has(recipients, to, chain)
  if (typeof flows === 'string') return undefined
  return flows.every(({ recipient }) =>
    AddressSet.has(recipients, recipient, chain),
  )
}

/**
 * For rules that deny: whether the value or any flow goes to one of the
 * recipients.
 */
function goesToOne(
  recipients: AddressSet.AddressSet,
  flows: ReturnType<typeof flowsUnder>,
  { kind, to, value, chain }: Action,
): Truth {
  const has = (address: Hex | undefined) =>
    address !== undefined && AddressSet.has(recipients, address, chain)
  if ((kind === 'payment' || value > 0n) && has(to)) return true
  if (kind === 'payment') return false
  if (typeof flows === 'string') return undefined
  return flows.some(({ recipient }) => has(recipient))
}

function* whatHolds({ what }: Rule, question: Question): Generator<Tested> {
  const { action } = question
  const { to, chain } = action
  switch (what?.kind) {
    case 'call':
      if (what.to !== undefined)
        yield [
          'call.to',
          to !== undefined && AddressSet.has(what.to, to, chain),
        ]
      yield* callHolds(what, action)
      yield* argumentsHold('call', what, question)
      break
    case 'typedData':
      yield* typedDataHolds(what, action)
      yield* argumentsHold('typedData', what, question)
      break
    case 'message':
      yield* messageHolds(what, action)
      break
    case 'authorization':
      if (what.delegates !== undefined)
        yield [
          'authorization.delegates',
          to !== undefined && AddressSet.has(what.delegates, to, chain),
        ]
      break
    default:
  }
}

function* callHolds(
  { functions }: CallRule,
  { decoded, like, data }: Action,
): Generator<Tested> {
  if (functions === undefined) return
  const isNamed = (signature: Signature | undefined) =>
    signature !== undefined &&
    functions.some((one) => one.text === signature.text)
  if (decoded !== undefined)
    yield ['call.functions', isNamed(decoded.signature)]
  else {
    // The call has the selector of one of the functions, and may well do what
    // that function does.
    const selector = data.slice(0, 10)
    const mayBe =
      isNamed(like) || functions.some((one) => one.selector === selector)
    yield ['call.functions', mayBe ? undefined : false]
  }
}

function* typedDataHolds(
  { kinds, contracts, without }: TypedDataRule,
  { typedData, to, chain }: Action,
): Generator<Tested> {
  const lacks = typedData?.lacks ?? []
  if (kinds !== undefined) {
    const { kind, primaryType = '' } = typedData ?? {}
    yield [
      'typedData.kinds',
      kind !== undefined
        ? kinds.includes(kind)
        : // The rule may not mean a different type with the same name.
          kinds.some((one) => one.split(':')[0] === primaryType)
          ? undefined
          : false,
    ]
  }
  if (contracts !== undefined && !lacks.includes('verifyingContract'))
    yield [
      'typedData.contracts',
      to !== undefined && AddressSet.has(contracts, to, chain),
    ]
  if (lacks.length > 0)
    yield [
      'typedData.without',
      lacks.every((one) => without.includes(one)) ? true : undefined,
    ]
}

function* messageHolds(
  { kinds, texts, domains, uris, minNonceLength }: MessageRule,
  { message }: Action,
): Generator<Tested> {
  if (message === undefined) return
  const { kind, text, signIn } = message
  yield ['message.kinds', kinds.includes(kind)]
  if (texts !== undefined) yield ['message.texts', isIn(text, texts)]
  if (domains !== undefined)
    yield ['message.domains', isIn(signIn?.domain, domains)]
  if (uris !== undefined) yield ['message.uris', isIn(signIn?.uri, uris)]
  if (minNonceLength !== undefined)
    yield [
      'message.minNonceLength',
      signIn && signIn.nonce.length >= minNonceLength,
    ]
}

function* argumentsHold(
  name: string,
  { args, ratios }: Arguments,
  { action, time }: Question,
): Generator<Tested> {
  const { decoded, chain } = action
  for (const { path, condition } of args) {
    const argument = decoded && findArgument(decoded, path)
    yield [
      `${name}.args.${path.join('.')}`,
      argument && holds(condition, argument, { chain, time }),
    ]
  }
  for (const [index, ratio] of ratios.entries())
    yield [`${name}.ratios[${index}]`, decoded && ratioHolds(ratio, decoded)]
}
