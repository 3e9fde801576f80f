import { randomUUID } from 'node:crypto'
import { AddressField } from '@keyward/core'
import { InputError, isDescribed, maskHex } from '@keyward/core/errors'
import type { GetWire, SendRequest } from '@keyward/sender'
import { type Io, note } from '../Io.js'
import { currencyOf } from '../networks/explorerLink.js'
import { formatEther } from '../text/formatEther.js'
import { pluralize } from '../text/pluralize.js'
import { type Followed, follow } from './follow.js'
import { isCanceling } from './isCanceling.js'
import { localTime } from './localTime.js'
import { txCommand } from './nextStep.js'
import { notePolicyUnasked } from './notePolicyUnasked.js'
import { type Quote, quote } from './quote.js'
import { type Meant, readMeant } from './readMeant.js'
import { type Paid, readPaid } from './readPaid.js'
import type { SenderAccess } from './SenderAccess.js'
import type { SendOptions } from './SendOptions.js'
import { withSender } from './withSender.js'

/** What a request would do and cost if it were sent. */
export type Rehearsal = {
  from: string
  network: string
  chainId: number
  /** Describes the request. */
  what: string
  /** The event's fields, without anything that could be secret. */
  fields: unknown
  request: SendRequest.SendRequest
  /** The reason, as text, if no node could be asked. */
  quote: Quote | { wouldFail: string } | string
}

export type Sent = {
  followed: Followed
  /** Undefined if the command did not wait for the block. */
  paid: Paid | undefined
  chainId: number
}

/** Sends a transaction once, and waits until it is mined. */
export function sendTransaction(
  io: Io,
  options: SendOptions,
): Promise<Rehearsal | Sent> {
  const { idempotencyKey: key = `cli-${randomUUID()}` } = options
  const read = () => {
    const meant = readMeant({ ...options, idempotencyKey: key })
    assertNotExpired(meant, options)
    return meant
  }
  // A dry run doesn't begin a ledger either.
  const sender = { ...options, yes: options.yes || options.dryRun }
  return withSender(io, sender, read, async (access, meant) => {
    const status = await access.status()
    const { address, network, chainId } = status
    const { fields, request, shown } = await meant.complete({
      ...{ urls: options.urls, chainId, from: address },
    })
    const what = shown?.text ?? describe(request, chainId)
    note(
      io,
      `From ${address} on ${network}, through ${access.label}:\n  ${what}`,
    )
    if (shown?.decoded !== undefined) note(io, shown.decoded)
    if (options.dryRun) {
      notePolicyUnasked(io, status)
      return {
        ...{ from: address, network, chainId, what, request },
        fields: withoutSecrets(fields),
        quote: await tryQuote(options.urls, chainId, address, request),
      }
    }
    await io.confirm({
      target: access.target,
      action: `sends ${what}`,
      yes: options.yes,
    })
    if (options.idempotencyKey === undefined)
      note(
        io,
        `If this command is interrupted, run it again with the following key, so that the transaction is sent only once:\n  --idempotency-key ${key}`,
      )
    const earlier =
      options.idempotencyKey === undefined
        ? undefined
        : await findEarlier(access, key)
    const { urls } = options
    const sent = await access.send(fields)
    if (earlier !== undefined) note(io, repeatText(earlier))
    const reference = { transaction_id: sent.transaction_id }
    if (!options.wait) {
      const followed = {
        answer: await access.get(reference),
        receipt: undefined,
      }
      return { followed, paid: undefined, chainId }
    }
    const { timeout: timeoutS } = options
    const resume = txCommand('watch', options, sent.transaction_id)
    const isKnown = earlier !== undefined
    const following = { chainId, urls, address, timeoutS, resume, isKnown }
    const followed = await follow(io, access, reference, following)
    const paid = await readPaid(followed, { urls, chainId, address })
    return { followed, paid, chainId }
  })
}

async function tryQuote(
  urls: readonly string[] | undefined,
  chainId: number,
  address: string,
  request: SendRequest.SendRequest,
): Promise<Rehearsal['quote']> {
  if (urls === undefined)
    return 'no RPC endpoint is known (pass --rpc-url, or set RPC_URL or ETH_RPC_URL)'
  const { to, value, data, gas, maxFeePerGas } = request
  try {
    return await quote(urls, chainId, address, {
      ...{ to, value, data, gas, maxFeePerGas },
    })
  } catch (error) {
    return isDescribed(error) ? error.shortMessage : String(error)
  }
}

/** The request may already have been made with this idempotency key. */
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

function repeatText(earlier: GetWire): string {
  const { created_at: at, signed_tx_hash: hash, status } = earlier
  const when = localTime(at)
  const isOver = earlier.final || earlier.block_number !== null
  const end = isCanceling(earlier)
    ? 'is being canceled'
    : isOver && status !== 'mined'
      ? `has ended without being mined (${status})`
      : undefined
  if (end !== undefined)
    return `This request was already made at ${when}, and it ${end}. Nothing new was signed. To pay after all, ${earlier.final ? '' : 'wait until keyward tx show says that it is final and was NOT mined, then '}use another idempotency key.`
  return hash === null
    ? `This request was already accepted at ${when}. Its processing continues, and the transaction is sent only once.`
    : `This transaction was already sent at ${when}. Nothing new was signed.`
}

/**
 * Refuses an expiry in the past. With an idempotency key, the request may
 * repeat one that was accepted in time, so the sender decides.
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
    {
      details:
        'A request is never signed after its --valid-until time. Pass a time in the future, in UTC.',
    },
  )
}

/** Describes the request as it was parsed, not as it was typed. */
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

/** Hides 32-byte values, which may be a private key in the wrong place. */
function withoutSecrets(fields: Record<string, unknown>) {
  const { data } = fields
  return typeof data === 'string' && data.length <= 66
    ? { ...fields, data: maskHex(data) }
    : fields
}
