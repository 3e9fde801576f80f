import { randomUUID } from 'node:crypto'
import { AddressField } from '@keyward/core'
import { InputError, isDescribed, maskHex } from '@keyward/core/errors'
import type { GetWire, SendRequest } from '@keyward/sender'
import { formatEther, note, pluralize } from '@keyward/toolkit'
import { currencyOf } from '@keyward/toolkit/networks'
import {
  follow,
  readPaid,
  type SenderAccess,
  txCommand,
} from '@keyward/toolkit/send'
import { followedResult } from '../../output/followedResult.js'
import { localTime } from '../../output/localTime.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { countFee } from './countFee.js'
import { dryRun } from './dryRun.js'
import { type Meant, readMeant } from './readMeant.js'
import type { SendOptions } from './SendOptions.js'
import { withSender } from './withSender.js'

/** Sends a transaction once, and waits until it is mined. */
export function sendTransaction(
  terminal: Terminal,
  options: SendOptions,
): Promise<Result> {
  const { idempotencyKey: key = `cli-${randomUUID()}` } = options
  const read = () => {
    const meant = readMeant({ ...options, idempotencyKey: key })
    assertNotExpired(meant, options)
    return meant
  }
  // What sends nothing begins nothing either.
  const sender = { ...options, yes: options.yes || options.dryRun }
  return withSender(terminal, sender, read, async (access, meant) => {
    const { address, network, chainId } = await access.status()
    const { fields, request, shown } = await meant.complete({
      ...{ urls: options.urls, chainId, from: address },
    })
    const what = shown?.text ?? describe(request, chainId)
    note(
      terminal,
      `From ${address} on ${network}, by ${access.label}:\n  ${what}`,
    )
    if (shown?.decoded !== undefined) note(terminal, shown.decoded)
    if (options.dryRun) {
      const status = { address, network, chainId }
      const named = { status, what, fields: withoutSecrets(fields) }
      return dryRun(terminal, options, request, named)
    }
    await terminal.confirm({
      target: access.target,
      action: `sends ${what}`,
      yes: options.yes,
    })
    if (options.idempotencyKey === undefined)
      note(
        terminal,
        `If this is interrupted, repeat it with this key; it is sent only once:\n  --idempotency-key ${key}`,
      )
    const earlier =
      options.idempotencyKey === undefined
        ? undefined
        : await findEarlier(access, key)
    const { urls } = options
    const sent = await access.send(fields).catch(async (error: unknown) => {
      throw await countFee(error, { urls, chainId, address, request })
    })
    if (earlier !== undefined) note(terminal, repeatText(earlier))
    const reference = { transaction_id: sent.transaction_id }
    if (!options.wait)
      return notWaited(await access.get(reference), chainId, options)
    const { timeout: timeoutS } = options
    const resume = txCommand('watch', options, sent.transaction_id)
    const following = { chainId, urls, timeoutS, resume }
    const followed = await follow(terminal, access, reference, following)
    const paid = await readPaid(followed, { urls, chainId, address })
    const style = styleFor(terminal.stdout, terminal.env)
    return followedResult(followed, chainId, options, { style, paid })
  })
}

/** The request may have been made before, by this key. */
async function findEarlier(
  access: SenderAccess,
  key: string,
): Promise<GetWire | undefined> {
  try {
    return await access.get({ idempotency_key: key })
  } catch (error) {
    if (isDescribed(error) && error.code === 'transaction-not-found')
      return undefined
    throw error
  }
}

function repeatText({ created_at: at, signed_tx_hash: hash }: GetWire): string {
  return hash === null
    ? `Already accepted at ${localTime(at)}: it goes on from there, and is sent once.`
    : `Already sent at ${localTime(at)}, nothing new was signed.`
}

/**
 * What was asked for is done once it is sent, or with a stack, whose reconciler
 * goes on with it.
 */
function notWaited(
  answer: GetWire,
  chainId: number,
  options: SendOptions,
): Result {
  const followed = { answer, receipt: undefined }
  const result = followedResult(followed, chainId, options)
  const isUnderWay = options.ledger === undefined || answer.status === 'sent'
  return result.exitCode === 3 && isUnderWay
    ? { ...result, exitCode: 0 }
    : result
}

/**
 * A time that is over binds nobody to anything. With a key of its own it may be
 * the repetition of a request that was accepted in time: the sender knows.
 *
 * @throws InputError
 */
function assertNotExpired(
  { validUntil }: Meant,
  { idempotencyKey, dryRun }: SendOptions,
): void {
  if (validUntil === undefined || validUntil > Date.now()) return
  if (idempotencyKey !== undefined && !dryRun) return
  throw new InputError(
    `--valid-until ${new Date(validUntil).toISOString()} is in the past.`,
    { details: 'Nothing would be signed any more. Give a later time, in UTC.' },
  )
}

/** What the request means, from what was read and not from what was typed. */
function describe(
  { to, value, data }: SendRequest.SendRequest,
  chainId: number,
): string {
  const amount = `${formatEther(value)} ${currencyOf(chainId)}`
  const bytes = pluralize((data.length - 2) / 2, 'byte')
  if (to === undefined)
    return `${amount} to create a contract from ${bytes} of data`
  const target = `${amount} to ${AddressField.toChecksum(to)}`
  return data === '0x' ? target : `${target} with ${bytes} of data`
}

/** 32 bytes may be a private key in the wrong place. */
function withoutSecrets(fields: Record<string, unknown>) {
  const { data } = fields
  return typeof data === 'string' && data.length <= 66
    ? { ...fields, data: maskHex(data) }
    : fields
}
