import { AddressField, type Hex } from '@keyward/core'
import { escapeInvisible } from '@keyward/core/errors'
import {
  formatAddress,
  formatAmount,
  formatDecimal,
  formatWindow,
} from '../../evaluate/format.js'
import { conditionText, hoursText } from '../../evaluate/wording.js'
import type { AddressSet } from '../../policy/AddressSet.js'
import type { Decimal } from '../../policy/ArgumentCondition.js'
import type { Policy, Rule, What } from '../../policy/Policy.js'

/** A label and its text. */
export type Row = readonly [label: string, text: string]

/** A rule in plain words: who, what, to whom, how much, when. */
export function explainRule(policy: Policy, rule: Rule): Row[] {
  const isDeny = rule.effect === 'deny'
  const { fee, maxValidity, what } = rule
  const rows: (readonly [string, string | undefined])[] = [
    [
      'who',
      rule.callers?.join(', ') ?? 'everyone allowed to invoke the functions',
    ],
    ['account', rule.accounts?.map(AddressField.toChecksum).join(', ')],
    ['what', whatText(policy, what)],
    ['chain', rule.chains?.join(', ')],
    ['to', rule.recipients && setText(policy, rule.recipients)],
    ...conditionRows(rule),
    ['gives', givesText(policy, rule)],
    [
      'at most',
      [...rule.maxPerRequest]
        .map(([asset, most]) => formatAmount(policy, asset, most))
        .join(', ') || undefined,
    ],
    ...rule.windows.map(
      (one): Row => [
        `per ${one.length}`,
        `${formatWindow(policy, one, one.limit)} (${one.id})`,
      ],
    ),
    ['fee', feeText(policy, fee)],
    ['hours', rule.hours && hoursText(rule.hours)],
    ['types', isDeny ? rule.types?.join(', ') : undefined],
    [
      'valid',
      !isDeny && (what?.kind === 'typedData' || what?.kind === 'message')
        ? maxValidity === undefined
          ? 'forever'
          : `at most ${formatDecimal(maxValidity, 0)} seconds`
        : undefined,
    ],
    [
      isDeny ? 'danger' : 'although',
      rule.dangers && rule.dangers.length > 0
        ? rule.dangers.join(', ')
        : undefined,
    ],
  ]
  return rows.filter((row): row is Row => row[1] !== undefined)
}

function whatText(policy: Policy, what: What | undefined): string {
  switch (what?.kind) {
    case undefined:
      return 'anything'
    case 'payment':
      return "pay the chain's currency"
    case 'call': {
      const functions =
        what.functions?.map(({ text }) => shorten(text)).join(', ') ??
        'any function, decoded or not,'
      const where =
        what.to === undefined ? 'any contract' : setText(policy, what.to)
      return `call ${functions} of ${where}`
    }
    case 'create':
      return 'create a contract'
    case 'typedData': {
      const of =
        what.contracts === undefined
          ? 'any contract'
          : setText(policy, what.contracts)
      const lacks =
        what.without.length === 0 ? '' : `, without ${what.without.join(', ')}`
      return `sign typed data ${what.kinds?.join(', ') ?? 'of any kind'} for ${of}${lacks}`
    }
    case 'message': {
      const { kinds, texts, domains, uris, minNonceLength } = what
      return [
        `sign a message (${kinds.join(', ')})`,
        texts &&
          `exactly ${texts.map((one) => `“${escapeInvisible(one)}”`).join(' or ')}`,
        domains && `for ${domains.join(', ')}`,
        uris && `at ${uris.join(', ')}`,
        minNonceLength &&
          `with a nonce of at least ${minNonceLength} characters`,
      ]
        .filter((part) => part)
        .join(', ')
    }
    case 'authorization':
      return `run the code of ${what.delegates === undefined ? 'any contract' : setText(policy, what.delegates)} as the account`
    case 'digest':
      return 'sign a bare 32-byte digest, which nobody can read'
  }
}

/**
 * Shortens signatures, because tuples in long signatures mean little to people.
 */
const shorten = (text: string) =>
  text.length > 60 ? `${text.slice(0, text.indexOf('('))}(...)` : text

/** Maximum number of a group's addresses to list. */
const maxNamed = 4

function setText(policy: Policy, { names }: AddressSet): string {
  const parts = names.map((name) => {
    const token = policy.tokens.get(name)
    if (token !== undefined) return token.symbol
    const members = policy.groups.get(name)
    if (members === undefined) return formatAddress(policy, name as Hex)
    const shown = members
      .slice(0, maxNamed)
      .map(({ address }) => formatAddress(policy, address))
    const left = members.length - shown.length
    return `${name}: ${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
  })
  return parts.join('; ') || 'nobody'
}

function conditionRows({ what }: Rule): Row[] {
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return []
  return [
    ...what.args.map(
      ({ path, condition }): Row => [
        'if',
        `${path.join('.')} ${conditionText(condition)}`,
      ],
    ),
    ...what.ratios.map(
      ({ of, to, atLeast, atMost }): Row => [
        'if',
        [
          `${of.join('.')} / ${to.join('.')}`,
          atLeast && `at least ${decimalText(atLeast)}`,
          atMost && `at most ${decimalText(atMost)}`,
        ]
          .filter((part) => part)
          .join(' '),
      ],
    ),
  ]
}

const decimalText = ({ digits, scale }: Decimal) => formatDecimal(digits, scale)

function givesText({ tokens }: Policy, { what }: Rule): string | undefined {
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return undefined
  const { spends } = what
  if (spends === undefined) return undefined
  if (spends === 'unknown') return 'an unknown amount'
  if (spends.length === 0) return 'nothing'
  return spends
    .map(
      ({ asset, amount, recipient }) =>
        `${amount.join('.')} of ${tokens.get(asset)?.symbol ?? "the chain's currency"} to ${recipient?.join('.') ?? 'the contract'}`,
    )
    .join(', ')
}

function feeText(policy: Policy, fee: Rule['fee']): string | undefined {
  const gwei = (wei: bigint) => `${formatDecimal(wei, 9)} gwei`
  const parts = [
    fee.maxFee === undefined
      ? ''
      : `at most ${formatAmount(policy, 'native', fee.maxFee)}`,
    fee.maxGas === undefined
      ? ''
      : `at most ${formatDecimal(fee.maxGas, 0)} gas`,
    fee.maxFeePerGas === undefined
      ? ''
      : `at most ${gwei(fee.maxFeePerGas)} per gas`,
    fee.maxFeePerBlobGas === undefined
      ? ''
      : `at most ${gwei(fee.maxFeePerBlobGas)} per blob gas`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? undefined : parts.join(', ')
}
