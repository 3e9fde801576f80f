import { AddressField, Network, Quote } from '@keyward/core'
import {
  type Danger,
  type Meaning,
  type SafeMessage,
  type SafeTransaction,
  validity,
} from '@keyward/safe'
import type { Style } from '../Style.js'
import { fieldLines } from '../send/callText.js'
import { wrapText } from '../text/wrapText.js'
import { dangerLines } from './reviewText.js'

type Seen = {
  domain: SafeTransaction.SafeDomain
  hashes: SafeMessage.Hashes
  meaning: Meaning
  findings: readonly Danger.Finding[]
  opened: readonly Danger.Finding[]
}

/** Everything that a person must see before signing a message of the Safe. */
export function messageText(
  { domain, hashes, meaning, findings, opened }: Seen,
  style: Style,
): string {
  const { chainId, safe } = domain
  const { name } = Network.fromChainId(chainId)
  const { bold, red } = style
  return [
    `${bold('Safe')} ${AddressField.toChecksum(safe)} on ${name} (${chainId})`,
    '',
    bold('Message for the Safe to sign'),
    ...meaningLines(meaning).map((line) => `  ${line}`),
    '',
    ...dangerLines({ findings, opened }, style),
    red(wrapText(validity, '', 80)),
    '',
    bold('Compare on a second screen'),
    `  domain       ${hashes.domain}`,
    `  message      ${hashes.message}`,
    `  SafeMessage  ${hashes.safeMessage}`,
    '',
  ].join('\n')
}

function meaningLines(meaning: Meaning): string[] {
  if (meaning.of === 'text') {
    const { kind, text = '' } = meaning
    const lines = text
      .split('\n')
      .map((line) => `  ${Quote.line(line, Number.POSITIVE_INFINITY)}`)
    return [`a message (${kind})`, ...lines]
  }
  const { kind, primaryType, domain, fields, values } = meaning
  const told = Object.entries(domain).map(
    ([name, value]) =>
      `  ${name} ${Quote.line(String(value), Number.POSITIVE_INFINITY)}`,
  )
  return [
    'typed data ' +
      `${primaryType}${kind === undefined ? ', which this version of Keyward does not know' : ''}`,
    ...['for', ...told],
    ...fieldLines(fields, values),
  ]
}
