import { formatEther, formatUnits, toColumns } from '@keyward/toolkit'
import { currencyOf } from '@keyward/toolkit/networks'
import {
  isCanceling,
  quoteData,
  type Rehearsal,
  type SendOptions,
  type Sent,
} from '@keyward/toolkit/send'
import { followedResult } from '../../output/followedResult.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

type Quote = Extract<Rehearsal['quote'], { nonce: bigint }>

export function sentResult(
  terminal: Terminal,
  sent: Rehearsal | Sent,
  options: SendOptions,
): Result {
  if (!('followed' in sent)) return rehearsalResult(terminal, sent)
  const { followed, chainId, paid } = sent
  const { style } = terminal.stdout
  if (paid !== undefined)
    return followedResult(followed, chainId, options, { style, paid })
  const result = followedResult(followed, chainId, options)
  // The request is complete once it has been sent, or once a stack has accepted
  // it: the stack's reconciler finishes it.
  const { answer } = followed
  const isUnderWay =
    (options.ledger === undefined || answer.status === 'sent') &&
    !isCanceling(answer)
  return result.exitCode === 3 && isUnderWay
    ? { ...result, exitCode: 0 }
    : result
}

/** A request's preview and cost. */
function rehearsalResult(
  { stdout }: Terminal,
  { from, network, chainId, what, fields, request, quote }: Rehearsal,
): Result {
  const { style } = stdout
  const money = (wei: bigint) =>
    style.bold(`${formatEther(wei)} ${currencyOf(chainId)}`)
  const fails = typeof quote === 'object' && 'wouldFail' in quote
  const isShort =
    typeof quote === 'object' &&
    'maxFee' in quote &&
    quote.balance < request.value + quote.maxFee
  return {
    data: {
      ...{ dryRun: true, from, network, chainId, request: fields },
      quote: typeof quote === 'string' ? null : quoteData(quote, request.value),
    },
    text: toColumns([
      ['from', from],
      ['network', `${network} (${chainId})`],
      ['would send', what],
      ...(typeof quote === 'string'
        ? [['fee', `not estimated: ${quote}`] as const]
        : 'wouldFail' in quote
          ? [
              [
                'WOULD FAIL',
                style.red(`the node says: ${quote.wouldFail}`),
              ] as const,
            ]
          : rowsOf(quote, request.value, money)),
      ...(isShort
        ? [
            [
              'too low',
              style.red('the balance is less than the total'),
            ] as const,
          ]
        : []),
      ['sent', 'nothing: this was a dry run'],
    ]),
    exitCode: fails || isShort ? 1 : 0,
  }
}

function rowsOf(
  found: Quote,
  value: bigint,
  money: (wei: bigint) => string,
): (readonly [string, string])[] {
  const { gas, maxFeePerGas, maxFee, expectedFee, nonce, balance } = found
  return [
    ['nonce', `${nonce}, unless another request comes first`],
    ['gas', `${gas} at up to ${formatUnits(maxFeePerGas, 9)} gwei`],
    ['fee', `about ${money(expectedFee)}, at most ${money(maxFee)}`],
    ['total', `at most ${money(value + maxFee)}`],
    ['balance', money(balance)],
  ]
}
