import { randomUUID } from 'node:crypto'
import { note, toColumns } from '@keyward/toolkit'
import { currencyOf } from '@keyward/toolkit/networks'
import { rpcUrls } from '@keyward/toolkit/node'
import type { Fields } from '@keyward/toolkit/send'
import {
  follow,
  openSenderAccess,
  type SenderOptions,
  withAccess,
} from '@keyward/toolkit/send'
import { followedResult } from '../output/followedResult.js'
import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'

export type SendOptions = SenderOptions & {
  to?: string
  amount?: string
  valueWei?: string
  data?: string
  gas?: string
  speed?: string
  maxFee?: string
  maxPriorityFee?: string
  exactFee?: true
  validUntil?: string
  idempotencyKey?: string
  notARepeat?: true
  wait: boolean
  timeout: number
  dryRun: boolean
  yes: boolean
}

/** Sends a transaction once, and waits until it is mined. */
export function send(
  terminal: Terminal,
  options: SendOptions,
): Promise<Result> {
  // What sends nothing begins nothing either.
  const opening = openSenderAccess(terminal, {
    ...options,
    yes: options.yes || options.dryRun,
  })
  return withAccess(opening, async (access) => {
    const { address, network, chainId } = await access.status()
    const fields = toFields(options)
    const key = String(fields.idempotency_key)
    const what = describe(fields, chainId)
    note(terminal, `From ${address} on ${network}, by ${access.label}: ${what}`)
    if (options.dryRun)
      return {
        data: {
          dryRun: true,
          from: address,
          network,
          chainId,
          request: fields,
        },
        text: toColumns([
          ['from', address],
          ['network', `${network} (${chainId})`],
          ['would send', what],
          ['nothing', 'was sent'],
        ]),
      }
    await terminal.confirm({
      target: access.target,
      action: `sends ${what}`,
      yes: options.yes,
    })
    if (options.idempotencyKey === undefined)
      note(
        terminal,
        `If this is cut off, repeat it with --idempotency-key ${key}: it is sent once.`,
      )
    const sent = await access.send(fields)
    const reference = { transaction_id: sent.transaction_id }
    if (!options.wait)
      return followedResult(
        { answer: await access.get(reference), receipt: undefined },
        chainId,
        options,
      )
    const urls = rpcUrls(terminal, options.rpcUrl)
    const timeoutS = options.timeout
    return followedResult(
      await follow(terminal, access, reference, { chainId, urls, timeoutS }),
      chainId,
      options,
    )
  })
}

/** As the event has them; the sender reads and refuses. */
function toFields(options: SendOptions): Fields {
  const all: Record<string, string | true | undefined> = {
    idempotency_key: options.idempotencyKey ?? `cli-${randomUUID()}`,
    dst_address: options.to,
    amount: options.amount,
    value_wei: options.valueWei,
    data: options.data,
    gas: options.gas,
    speed: options.speed,
    max_fee_per_gas: options.maxFee,
    max_priority_fee_per_gas: options.maxPriorityFee,
    exact_fee: options.exactFee,
    valid_until: options.validUntil,
    not_a_repeat: options.notARepeat,
  }
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  )
}

function describe(fields: Fields, chainId: number): string {
  const { amount, value_wei: wei, dst_address: to, data } = fields
  return [
    amount === undefined
      ? `${wei ?? 0} wei`
      : `${amount} ${currencyOf(chainId)}`,
    to === undefined ? 'into a new contract' : `to ${to}`,
    ...(typeof data === 'string' && data !== '0x'
      ? [`with ${Math.max(0, (data.length - 2) >> 1)} bytes of data`]
      : []),
  ].join(' ')
}
