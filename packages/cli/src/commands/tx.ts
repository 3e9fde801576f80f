import { maskHex } from '@keyward/core/errors'
import type { SendWire } from '@keyward/sender'
import { formatEther, toColumns } from '@keyward/toolkit'
import { rpcUrls } from '@keyward/toolkit/node'
import type { SenderAccess } from '@keyward/toolkit/send'
import {
  follow,
  openSenderAccess,
  type SenderOptions,
  txCommand,
  withAccess,
} from '@keyward/toolkit/send'
import {
  fieldsOf,
  listFields,
  referenceOf,
  speedUpFields,
} from '../input/fieldsOf.js'
import { readOperation } from '../input/readOperation.js'
import { followedResult } from '../output/followedResult.js'
import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'

type OnOne = SenderOptions & { reference: string }

/** The caller's transactions, newest first. */
export async function txList(
  terminal: Terminal,
  options: SenderOptions & { limit?: number; after?: string; status?: string },
): Promise<Result> {
  const fields = fieldsOf(listFields, options)
  readOperation('list', fields)
  return withAccess(openSenderAccess(terminal, options), async (access) => {
    const answer = await access.list(fields)
    const lines = answer.transactions.map((each) =>
      [
        each.created_at.slice(0, 19).replace('T', ' '),
        each.status.padEnd(8),
        each.transaction_id,
        `${each.nonce ?? '-'}`.padStart(5),
        formatEther(BigInt(each.value_wei)),
        each.dst_address ?? '(new contract)',
      ].join('  '),
    )
    return {
      data: answer,
      text: [
        ...(lines.length === 0 ? ['There are none.'] : lines),
        ...(answer.next === null
          ? []
          : [`More: keyward tx list --after ${answer.next}`]),
      ].join('\n'),
    }
  })
}

/** All that the ledger knows of a transaction. */
export async function txShow(
  terminal: Terminal,
  options: OnOne,
): Promise<Result> {
  const fields = referenceOf(options.reference)
  readOperation('get', fields)
  return withAccess(openSenderAccess(terminal, options), async (access) => {
    const answer = await access.get(fields)
    return {
      data: answer,
      text: toColumns([
        ['transaction', answer.transaction_id],
        ['key', maskHex(answer.idempotency_key)],
        ['status', `${answer.status}${answer.final ? ', final' : ''}`],
        ['nonce', answer.nonce === null ? undefined : String(answer.nonce)],
        ['to', answer.dst_address ?? 'a new contract'],
        ['value', formatEther(BigInt(answer.value_wei))],
        [
          'block',
          answer.block_number === null
            ? undefined
            : `${answer.block_number}, ${answer.receipt_status}`,
        ],
        ['cancel', answer.cancel_requested ? 'asked for' : undefined],
        ['reason', answer.reason?.text],
        ['problem', answer.problem],
        ['created', answer.created_at],
        ['updated', answer.updated_at],
        ...answer.attempts.map(
          ({ hash, purpose, max_fee_per_gas: fee }, index) =>
            [`attempt ${index}`, `${hash}  ${purpose}, ${fee} wei`] as const,
        ),
      ]),
    }
  })
}

/** Waits for the end of a transaction. */
export async function txWatch(
  terminal: Terminal,
  options: OnOne & { timeout: number },
): Promise<Result> {
  const fields = referenceOf(options.reference)
  readOperation('get', fields)
  const urls = rpcUrls(terminal, options.rpcUrl)
  return withAccess(openSenderAccess(terminal, options), async (access) => {
    const { chainId } = await access.status()
    const timeoutS = options.timeout
    const followed = await follow(terminal, access, fields, {
      chainId,
      urls,
      timeoutS,
    })
    return followedResult(followed, chainId, options)
  })
}

/** Replaces what is signed by the same at higher fees. */
export async function txSpeedUp(
  terminal: Terminal,
  options: OnOne & { speed?: string; maxFee?: string; yes: boolean },
): Promise<Result> {
  const fields = {
    ...referenceOf(options.reference),
    ...fieldsOf(speedUpFields, options),
  }
  readOperation('speed_up', fields)
  const action = `pays more for the transaction ${maskHex(options.reference)}`
  return change(terminal, options, action, (access) => access.speedUp(fields))
}

/** Stops a transaction, or replaces what is signed of it. */
export async function txCancel(
  terminal: Terminal,
  options: OnOne & { yes: boolean },
): Promise<Result> {
  const fields = referenceOf(options.reference)
  readOperation('cancel', fields)
  const action = `cancels the transaction ${maskHex(options.reference)}`
  return change(terminal, options, action, (access) => access.cancel(fields))
}

function change(
  terminal: Terminal,
  options: OnOne & { yes: boolean },
  action: string,
  ask: (access: SenderAccess) => Promise<SendWire>,
): Promise<Result> {
  return withAccess(openSenderAccess(terminal, options), async (access) => {
    await terminal.confirm({ target: access.target, action, yes: options.yes })
    const answer = await ask(access)
    return {
      data: answer,
      text: toColumns([
        ['transaction', answer.transaction_id],
        ['hash', answer.signed_tx_hash ?? undefined],
        ['replaced by', answer.cancel_tx_hash],
        ['status', answer.status],
        ['problem', answer.problem],
        ['then', txCommand('watch', options, answer.transaction_id)],
      ]),
    }
  })
}
