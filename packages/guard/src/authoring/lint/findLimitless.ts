import type { Policy, Rule } from '../../policy/Policy.js'
import { allowing, at, type Finding, type Look } from './Finding.js'
import { assetsOf } from './outflowOf.js'

/** Finds rules without limits: on outflows, fees or validity. */
export const findLimitless: Look = (policy) =>
  allowing(policy).flatMap((rule) => [
    ...findWithoutWindow(policy, rule),
    ...findFees(rule),
    ...findEndless(rule),
  ])

function findWithoutWindow(policy: Policy, rule: Rule): Finding[] {
  const counted = new Set(rule.windows.map(({ asset }) => asset))
  const { maxPerRequest } = rule
  return [...assetsOf(policy, rule)].flatMap((asset): Finding[] => {
    const isCounted =
      asset === 'any'
        ? [...counted].some((one) => one !== 'requests')
        : counted.has(asset)
    if (isCounted) return []
    const isBounded =
      asset === 'any' ? maxPerRequest.size > 0 : maxPerRequest.has(asset)
    const what = asset === 'any' ? 'tokens' : asset
    return [
      {
        ...{ code: 'no-window', rule: rule.id, path: at(rule, 'windows') },
        level: isBounded ? 'warning' : 'error',
        what: isBounded
          ? `The amount of ${what} is limited for one request, but nothing counts several requests together.`
          : `Nothing limits how much of ${what} it spends.`,
        why: isBounded
          ? 'A caller may send a thousand requests.'
          : 'A caller can empty the account with one request.',
        fix: `Add a window of ${what} to windows, and name it here.`,
      },
    ]
  })
}

function findEndless(rule: Rule): Finding[] {
  if (rule.maxValidity !== undefined) return []
  return [
    {
      ...{ code: 'no-end', level: 'warning', rule: rule.id },
      path: at(rule, 'maxValidity'),
      what: 'Its signatures may be valid for ever.',
      why: 'Anyone who has the signature can use it years from now, with the prices and balances at that time.',
      fix: 'Set maxValidity in seconds, or limit the rule to those who need signatures without an end.',
    },
  ]
}

/** A fee pays the block producer: a way out like any other. */
function findFees(rule: Rule): Finding[] {
  const { what, fee, windows } = rule
  const isTransaction =
    what?.kind === 'payment' || what?.kind === 'call' || what?.kind === 'create'
  if (!isTransaction) return []
  const native = windows.filter(({ asset }) => asset === 'native')
  const isCounted = native.some(({ per }) => !per.includes('recipient'))
  if (isCounted || fee.maxFee !== undefined) return []
  const apart = native.find(({ per }) => per.includes('recipient'))
  return [
    {
      ...{ code: 'fee-uncounted', level: 'warning', rule: rule.id },
      path: at(rule, 'fee'),
      what:
        apart === undefined
          ? 'Neither a cap nor a window limits the fee.'
          : `${apart.id} counts per recipient, and so it counts no fees.`,
      why: 'A fee can be as high as the balance, and goes to the block producer.',
      fix: 'Set fee.maxFee, and name a window of native that is not per recipient.',
    },
  ]
}
