import type { Policy, Rule, Window } from '../../policy/Policy.js'
import { allowing, at, type Finding, type Look } from './Finding.js'
import { assetsOf, isTransaction } from './outflowOf.js'

/** Finds rules without limits: on outflows, fees or validity. */
export const findLimitless: Look = (policy) =>
  allowing(policy).flatMap((rule) => [
    ...findWithoutWindow(policy, rule),
    ...findFees(rule),
    ...findEndless(rule),
  ])

function findWithoutWindow(policy: Policy, rule: Rule): Finding[] {
  const { maxPerRequest, windows } = rule
  const { named, others } = assetsOf(policy, rule)
  const findings = [...named].flatMap((asset) => {
    const chains = asset === 'native' ? uncounted(rule, windows) : undefined
    const isCounted = chains
      ? chains.length === 0
      : windows.some((window) => window.asset === asset)
    const where = onSome(rule, chains)
    return isCounted
      ? []
      : [withoutWindow(rule, asset, where, maxPerRequest.has(asset))]
  })
  const countsAny = windows.some(({ asset }) => asset !== 'requests')
  if (others && !countsAny)
    findings.push(withoutWindow(rule, 'tokens', '', maxPerRequest.size > 0))
  return findings
}

function withoutWindow(
  rule: Rule,
  asset: string,
  where: string,
  isBounded: boolean,
): Finding {
  return {
    ...{ code: 'no-window', rule: rule.id, path: at(rule, 'windows') },
    level: isBounded ? 'warning' : 'error',
    what: isBounded
      ? `The amount of ${asset}${where} is limited per request, but not ` +
        'across requests.'
      : `Nothing limits the amount of ${asset}${where} that the rule spends.`,
    why: isBounded
      ? 'A caller can send a thousand requests.'
      : 'A caller can empty the account with one request.',
    fix: `Add a window for ${asset}${where} to the policy's windows, and use it here.`,
  }
}

/** The rule's chains on which no window counts native. */
function uncounted(
  { chains = [] }: Rule,
  windows: readonly Window[],
): readonly bigint[] {
  return chains.filter(
    (chain) =>
      !windows.some((one) => one.asset === 'native' && one.chain === chain),
  )
}

/** Names the chains, unless they are all of the rule's chains. */
function onSome({ chains }: Rule, some: readonly bigint[] = []): string {
  if (some.length === 0 || some.length === chains?.length) return ''
  return ` on ${some.length === 1 ? 'chain' : 'the chains'} ${some.join(', ')}`
}

function findEndless(rule: Rule): Finding[] {
  if (rule.maxValidity !== undefined) return []
  return [
    {
      ...{ code: 'no-end', level: 'warning', rule: rule.id },
      path: at(rule, 'maxValidity'),
      what: "The rule's signatures can be valid forever.",
      why: 'Anyone who has such a signature can use it years from now, at the prices and balances of that time.',
      fix: 'Set maxValidity in seconds, or limit the rule to callers who need signatures without a deadline.',
    },
  ]
}

/** A fee is an outflow too, because it pays the block producer. */
function findFees(rule: Rule): Finding[] {
  const { fee, windows } = rule
  if (!isTransaction(rule)) return []
  const native = windows.filter(({ asset }) => asset === 'native')
  const whole = native.filter(({ per }) => !per.includes('recipient'))
  const chains = uncounted(rule, whole)
  if (chains.length === 0) return []
  const isCapped = fee.maxFee !== undefined
  const apart = native.find(({ per }) => per.includes('recipient'))
  return [
    {
      ...{ code: 'fee-uncounted', level: 'warning', rule: rule.id },
      path: at(rule, 'fee'),
      what:
        apart !== undefined
          ? `The window ${apart.id} counts per recipient, so it does not count fees.`
          : isCapped
            ? `The fee${onSome(rule, chains)} is limited per request, but ` +
              'not across requests.'
            : `Neither a cap nor a window limits the fee${onSome(rule, chains)}.`,
      why: isCapped
        ? 'A caller can send a thousand requests, and fees go to the block producer.'
        : 'A fee can be as high as the balance, and goes to the block producer.',
      fix: `${isCapped ? 'Use' : 'Set fee.maxFee, and use'} a window for native that is not per recipient.`,
    },
  ]
}
