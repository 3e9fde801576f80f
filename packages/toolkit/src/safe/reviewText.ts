import { AddressField, EtherAmount, type Hex, Network } from '@keyward/core'
import { Danger, type Review } from '@keyward/safe'
import { currencyOf } from '../networks/index.js'
import type { Style } from '../Style.js'
import { callText } from '../send/callText.js'
import { wrapText } from '../text/wrapText.js'
import * as Shown from './Shown.js'

type Seen = Shown.Shown

/** Everything that a person must see before signing, as text for a terminal. */
export function reviewText(seen: Review, style: Style): string {
  return shownText(Shown.fromReview(seen), style)
}

/** The same for a review made by a function. */
export function shownText(seen: Seen, style: Style): string {
  const { domain, state, hashes, call } = seen
  const currency = currencyOf(domain.chainId)
  const { name } = Network.fromChainId(domain.chainId)
  const { bold } = style
  return [
    `${bold('Safe')} ${AddressField.toChecksum(domain.safe)} on ${name} (${domain.chainId})`,
    ...(state === undefined
      ? []
      : [
          `  ${state.threshold} of ${state.owners.length} owners, next nonce ${state.nonce}, ${EtherAmount.fromWei(state.balance)} ${currency}`,
        ]),
    '',
    bold(`Effects of transaction ${seen.nonce}`),
    callText(call, currency),
    '',
    ...simulationLines(seen, currency, style),
    '',
    ...dangerLines(seen, style),
    bold('Compare on a second screen'),
    `  domain   ${hashes.domain}`,
    `  message  ${hashes.message}`,
    `  SafeTx   ${hashes.safeTx}`,
    '',
  ].join('\n')
}

/** Lists the dangers, both those that are allowed and those that are not. */
export function dangerLines(
  { findings, opened }: Pick<Seen, 'findings' | 'opened'>,
  { red }: Style,
): string[] {
  return [
    ...(opened.length === 0
      ? []
      : [red('Allowed dangers'), ...opened.map(findingText), '']),
    ...(findings.length === 0
      ? []
      : [red('Dangers'), ...findings.map((one) => red(findingText(one))), '']),
  ]
}

/** Explains each danger, because here no error message does so. */
export function dangersText({ findings }: Pick<Seen, 'findings'>): string {
  const names = new Set(findings.map(({ danger }) => danger))
  return [
    ...[...names].map((name) =>
      wrapText(`${name}: ${Danger.dangers[name]}`, '', 80),
    ),
    '',
  ].join('\n')
}

function findingText({ danger, path, text }: Danger.Finding): string {
  const where = path === '' ? '' : ` (call ${path})`
  const shown = text.replace(/\b0x[0-9a-f]{40}\b/g, (address) =>
    AddressField.toChecksum(address as Hex),
  )
  return wrapText(`${danger}${where}: ${shown}`, '  ', 80)
}

function simulationLines(
  { simulation }: Seen,
  currency: string,
  { bold, red }: Style,
): string[] {
  if (simulation === undefined)
    return [red('The transaction could not be simulated.')]
  const { by, failure, change, tokens } = simulation
  if (failure !== undefined)
    return [
      red(`Simulated by ${by}: the transaction fails`),
      wrapText(failure, '  ', 80),
    ]
  const moves = [
    moveText(change, (amount) => `${EtherAmount.fromWei(amount)} ${currency}`),
    ...tokens.map(({ token, change }) =>
      moveText(
        change,
        (amount) => `${amount} units of ${AddressField.toChecksum(token)}`,
      ),
    ),
  ].filter((move) => move !== undefined)
  return [
    bold(`Simulated by ${by}: the transaction succeeds`),
    ...(moves.length === 0
      ? ['  the Safe neither loses nor gains anything']
      : moves),
  ]
}

function moveText(
  change: bigint,
  format: (amount: bigint) => string,
): string | undefined {
  if (change === 0n) return undefined
  return change < 0n
    ? `  the Safe loses ${format(-change)}`
    : `  the Safe gains ${format(change)}`
}
