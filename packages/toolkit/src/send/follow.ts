import { setTimeout as sleep } from 'node:timers/promises'
import { escapeInvisible, isDescribed } from '@keyward/core/errors'
import { createRpc, type GetWire, type Rpc } from '@keyward/sender'
import { type Io, note, resumable } from '../Io.js'
import { explorerLink } from '../networks/explorerLink.js'
import { quantity } from '../node/quantity.js'
import { isCanceling } from './isCanceling.js'
import type { Fields, SenderAccess } from './SenderAccess.js'

/** How a transaction ended, or how far it got. */
export type Followed = {
  answer: GetWire
  /** Seen directly on the chain, before the ledger recorded it. */
  receipt:
    | {
        hash: string
        /** A cancellation may be mined in place of the original request. */
        purpose: GetWire['attempts'][number]['purpose']
        block: number
        /** Null on chains that don't report it. */
        status: GetWire['receipt_status']
        /** The fee in wei; undefined if the receipt doesn't say. */
        fee?: bigint | undefined
      }
    | undefined
}

export type FollowOptions = {
  chainId: number
  urls: readonly string[] | undefined
  /**
   * The sending account, used to detect that another transaction took its
   * nonce.
   */
  address?: string | undefined
  /** Seconds. */
  timeoutS: number
  /** The command that continues watching. @default the same command */
  resume?: string | undefined
  /** Whether the user has been told how far it got. @default false */
  isKnown?: boolean
}

const everyMs = 1000

/**
 * Watches a transaction until it is mined or ends in another way, and reports
 * each step. With an RPC endpoint, it also asks the chain, because the ledger
 * learns of a block only from the reconciler, once a minute.
 */
export async function follow(
  io: Io,
  access: SenderAccess,
  reference: Fields,
  options: FollowOptions,
): Promise<Followed> {
  const again =
    options.resume === undefined
      ? 'run the same command again.'
      : `run: ${options.resume}`
  const hint = `The transaction is still pending. To watch it, ${again}`
  return resumable(io, hint, () => watch(io, access, reference, options))
}

async function watch(
  io: Io,
  access: SenderAccess,
  reference: Fields,
  options: FollowOptions,
): Promise<Followed> {
  const { chainId, urls, address } = options
  const rpc = urls && createRpc({ urls, chainId })
  const end = Date.now() + options.timeoutS * 1000
  let said: string | undefined
  let isDead = false
  /**
   * The number of consecutive checks that found the nonce used but no version
   * of the transaction mined.
   */
  let usedLooks = 0
  const onFailure = (error: Error) => {
    if (!isDead) note(io, deadText(error))
    isDead = true
  }
  for (;;) {
    const answer = await access.get(reference)
    const step = describeStep(answer, chainId)
    const isNews = said === undefined ? !options.isKnown : step !== said
    if (isNews) note(io, step)
    said = step
    const isOver = answer.final || answer.block_number !== null
    io.notify({
      kind: 'progress',
      text: isOver
        ? answer.status
        : `${waitsFor(answer, usedLooks)} (at most ${options.timeoutS} s)`,
    })
    const asked = isOver ? undefined : rpc
    const isUsed = asked && (await isNonceUsed(asked, address, answer))
    const receipt = asked && (await findReceipt(asked, answer, onFailure))
    usedLooks = isUsed && receipt === undefined ? usedLooks + 1 : 0
    if (usedLooks === 2) note(io, usedText(answer))
    if (isOver || receipt || Date.now() + everyMs >= end)
      return { answer, receipt }
    await sleep(everyMs)
  }
}

function waitsFor({ status }: GetWire, usedLooks: number): string {
  if (usedLooks > 1) return 'waiting for proof that the nonce was used'
  return status === 'sent'
    ? 'waiting for a block'
    : `${status}, waiting until the transaction is sent`
}

function describeStep(answer: GetWire, chainId: number): string {
  const { status, nonce, signed_tx_hash: hash, problem } = answer
  const where = hash === null ? undefined : explorerLink(chainId, hash)
  return [
    isCanceling(answer) ? `${status}, being canceled,` : status,
    ...(nonce === null ? [] : [`nonce ${nonce}`]),
    ...(hash === null ? [] : [where ?? hash]),
    // An older sender answers with any text from the row.
    ...(problem === undefined ? [] : [`(${escapeInvisible(problem)})`]),
  ].join(' ')
}

/**
 * Whether a transaction was mined at this nonce. Checked before the receipts,
 * so that this transaction's own receipt is visible by then.
 */
async function isNonceUsed(
  rpc: Rpc,
  address: string | undefined,
  { nonce }: GetWire,
): Promise<boolean> {
  if (nonce === null || address === undefined) return false
  const method = 'eth_getTransactionCount'
  try {
    const answer = await rpc.request(method, [address, 'latest'])
    return quantity(answer, method) > BigInt(nonce)
  } catch {
    // If the endpoint is down, the receipt request reports it.
    return false
  }
}

function usedText({ nonce }: GetWire): string {
  return `Another transaction used nonce ${nonce}: the key is also used outside this ledger, and this transaction can no longer be mined. After two to three minutes, when this is proven, the ledger marks the transaction as dropped. If you still want to send the transaction, repeat the request after that, with another idempotency key.`
}

/** If the endpoint fails, the ledger still records the block, only later. */
function deadText(error: Error): string {
  const what = isDescribed(error) ? error.shortMessage : error.message
  return `${what} The command keeps trying, and also watches the ledger, which shows up to a minute late that the transaction was mined.`
}

/**
 * Reads the receipt of any version of the transaction. At most one version is
 * ever mined.
 *
 * @param onFailure - Called if the endpoint doesn't answer.
 */
export async function findReceipt(
  rpc: Rpc,
  { attempts }: GetWire,
  onFailure: (error: Error) => void = () => {},
) {
  for (const { hash, purpose } of attempts) {
    const receipt = await rpc
      .request('eth_getTransactionReceipt', [hash])
      .catch((error: Error) => {
        onFailure(error)
        return null
      })
    const { blockNumber, status } = Object(receipt) as Record<string, unknown>
    if (typeof blockNumber === 'string')
      return {
        hash,
        purpose,
        block: Number(blockNumber),
        status: toStatus(status),
        fee: readFee(receipt),
      }
  }
  return undefined
}

/** The fee paid, including an OP Stack rollup's fee for its data. */
function readFee(receipt: unknown): bigint | undefined {
  const { gasUsed, effectiveGasPrice, l1Fee } = Object(receipt) as Record<
    string,
    unknown
  >
  const [gas, price, data = 0n] = [gasUsed, effectiveGasPrice, l1Fee].map(
    (value) =>
      typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value)
        ? BigInt(value)
        : undefined,
  )
  return gas === undefined || price === undefined
    ? undefined
    : gas * price + data
}

function toStatus(status: unknown): GetWire['receipt_status'] {
  if (status == null) return null
  return /^0x0*1$/.test(String(status)) ? 'succeeded' : 'reverted'
}
