import { setTimeout as sleep } from 'node:timers/promises'
import { isDescribed } from '@keyward/core/errors'
import { createRpc, type GetWire, type Rpc } from '@keyward/sender'
import { type Io, note, resumable } from '../Io.js'
import { explorerLink } from '../networks/explorerLink.js'
import type { Fields, SenderAccess } from './SenderAccess.js'

/** How a transaction ended, or how far it came. */
export type Followed = {
  answer: GetWire
  /** Seen on the chain by ourselves, before the ledger knew. */
  receipt:
    | {
        hash: string
        /** A cancel is mined in the place of what was asked for. */
        purpose: GetWire['attempts'][number]['purpose']
        block: number
        /** Null on chains that don't say. */
        status: GetWire['receipt_status']
        /** Wei; undefined where the receipt does not say. */
        fee?: bigint | undefined
      }
    | undefined
}

export type FollowOptions = {
  chainId: number
  urls: readonly string[] | undefined
  /** Seconds. */
  timeoutS: number
  /** The command that watches on. @default the same one again */
  resume?: string | undefined
}

const everyMs = 1000

/**
 * Watches a transaction until it is mined or has ended otherwise, and tells
 * each step. With an RPC endpoint the chain is asked as well: the ledger hears
 * of a block from the reconciler only, once a minute.
 */
export async function follow(
  io: Io,
  access: SenderAccess,
  reference: Fields,
  options: FollowOptions,
): Promise<Followed> {
  const hint = `The transaction is still on its way. To watch it: ${options.resume ?? 'the same command again'}`
  return resumable(io, hint, () => watch(io, access, reference, options))
}

async function watch(
  io: Io,
  access: SenderAccess,
  reference: Fields,
  options: FollowOptions,
): Promise<Followed> {
  const { chainId, urls } = options
  const rpc = urls && createRpc({ urls, chainId })
  const end = Date.now() + options.timeoutS * 1000
  let said = ''
  let isDead = false
  const onFailure = (error: Error) => {
    if (!isDead) note(io, deadText(error))
    isDead = true
  }
  for (;;) {
    const answer = await access.get(reference)
    const step = describeStep(answer, chainId)
    if (step !== said) note(io, step)
    said = step
    io.notify({
      kind: 'progress',
      text: `${waitsFor(answer)} (at most ${options.timeoutS} s)`,
    })
    const isOver = answer.final || answer.block_number !== null
    const receipt =
      rpc === undefined || isOver
        ? undefined
        : await findReceipt(rpc, answer, onFailure)
    if (isOver || receipt || Date.now() + everyMs >= end)
      return { answer, receipt }
    await sleep(everyMs)
  }
}

function waitsFor({ status }: GetWire): string {
  return status === 'sent'
    ? 'waiting for a block'
    : `${status}, waiting until it is sent`
}

function describeStep(answer: GetWire, chainId: number): string {
  const { status, nonce, signed_tx_hash: hash, problem } = answer
  const where = hash === null ? undefined : explorerLink(chainId, hash)
  return [
    status,
    ...(nonce === null ? [] : [`nonce ${nonce}`]),
    ...(hash === null ? [] : [where ?? hash]),
    ...(problem === undefined ? [] : [`(${problem})`]),
  ].join(' ')
}

/** The ledger hears of the block all the same, only later. */
function deadText(error: Error): string {
  const what = isDescribed(error) ? error.shortMessage : error.message
  return `${what} Waiting for the ledger instead, which learns of the block up to a minute later.`
}

/**
 * Of any of its versions: at most one is ever mined.
 *
 * @param onFailure - Told when the endpoint does not answer.
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

/** What was paid, with what a rollup of the OP stack takes for its data. */
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
