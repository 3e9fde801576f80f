import { isDescribed } from '@keyward/core/errors'
import type { SendRequest } from '@keyward/sender'
import { formatEther, formatUnits, toColumns } from '@keyward/toolkit'
import { currencyOf } from '@keyward/toolkit/networks'
import { type Quote, quote } from '@keyward/toolkit/send'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

/** What a request would be and cost, without sending it. */
export async function dryRun(
  terminal: Terminal,
  { urls }: { urls?: readonly string[] | undefined },
  request: SendRequest.SendRequest,
  {
    status: { address, network, chainId },
    what,
    fields,
  }: {
    status: { address: string; network: string; chainId: number }
    what: string
    /** Without what may be a secret. */
    fields: unknown
  },
): Promise<Result> {
  const style = styleFor(terminal.stdout, terminal.env)
  const found = await ask(urls, chainId, address, request)
  const money = (wei: bigint) =>
    style.bold(`${formatEther(wei)} ${currencyOf(chainId)}`)
  const fails = typeof found === 'object' && 'wouldFail' in found
  const isShort =
    typeof found === 'object' &&
    'maxFee' in found &&
    found.balance < request.value + found.maxFee
  return {
    data: {
      ...{ dryRun: true, from: address, network, chainId, request: fields },
      quote: typeof found === 'string' ? null : toData(found, request.value),
    },
    text: toColumns([
      ['from', address],
      ['network', `${network} (${chainId})`],
      ['would send', what],
      ...(typeof found === 'string'
        ? [['fee', `not estimated: ${found}`] as const]
        : 'wouldFail' in found
          ? [
              [
                'WOULD FAIL',
                style.red(`the node says: ${found.wouldFail}`),
              ] as const,
            ]
          : rowsOf(found, request.value, money)),
      ...(isShort
        ? [['short', style.red('the account has less than the total')] as const]
        : []),
      ['nothing', 'was sent'],
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

function toData(found: Exclude<Asked, string>, value: bigint): object {
  if ('wouldFail' in found) return found
  const { gas, maxFeePerGas, maxFee, expectedFee, nonce, balance } = found
  return {
    nonce: String(nonce),
    gas: String(gas),
    max_fee_per_gas: String(maxFeePerGas),
    max_fee_wei: String(maxFee),
    expected_fee_wei: String(expectedFee),
    max_total_wei: String(value + maxFee),
    balance_wei: String(balance),
  }
}

/** A text where nobody could be asked. */
type Asked = Awaited<ReturnType<typeof quote>> | string

async function ask(
  urls: readonly string[] | undefined,
  chainId: number,
  address: string,
  request: SendRequest.SendRequest,
): Promise<Asked> {
  if (urls === undefined)
    return 'no RPC; give --rpc-url, RPC_URL or ETH_RPC_URL'
  const { to, value, data, gas, maxFeePerGas } = request
  try {
    return await quote(urls, chainId, address, {
      ...{ to, value, data, gas, maxFeePerGas },
    })
  } catch (error) {
    return isDescribed(error) ? error.shortMessage : String(error)
  }
}
