import type { ListWire, Rpc } from '@keyward/sender'
import { type Io, note } from '../Io.js'
import { mapLimited } from '../mapLimited.js'
import * as Account from '../node/Account.js'
import { type FollowOptions, findReceipt, follow } from '../send/follow.js'
import { txCommand } from '../send/nextStep.js'
import type { SenderOptions } from '../send/readSender.js'
import type { SenderAccess } from '../send/SenderAccess.js'
import { pluralize } from '../text/pluralize.js'
import { SweepError } from './SweepError.js'

type Listed = ListWire['transactions'][number]

/**
 * The maximum number of pages of 100 transactions to read. For older
 * transactions, the chain decides.
 */
const pages = 10

/** The prefix of the idempotency keys of a sweep's transactions. */
export const keyPrefix = 'sweep-'

/**
 * Waits for the transactions of an earlier sweep, so that a plan doesn't
 * include a balance that is already on its way out. A dry run doesn't wait.
 *
 * @throws SweepError while any of the caller's transactions are pending
 */
export async function finishEarlier(
  io: Io,
  { access, rpc, from }: { access: SenderAccess; rpc: Rpc; from: string },
  options: FollowOptions & { sender: SenderOptions; dryRun: boolean },
): Promise<void> {
  const open = await listOpen(access, rpc, from)
  const isOurs = ({ idempotency_key: key }: Listed) =>
    !options.dryRun && key.startsWith(keyPrefix)
  assertNone(
    open.filter((each) => !isOurs(each)),
    options.sender,
  )
  for (const { transaction_id, idempotency_key } of open) {
    note(io, `Waiting for an earlier sweep: ${idempotency_key}`)
    await follow(io, access, { transaction_id }, options)
  }
  if (open.length > 0)
    assertNone(await listOpen(access, rpc, from), options.sender)
}

function assertNone(
  [first, ...others]: readonly Listed[],
  sender: SenderOptions,
): void {
  if (first === undefined) return
  const { transaction_id: id, idempotency_key: key } = first
  const count = pluralize(others.length + 1, 'unfinished transaction')
  throw new SweepError(
    `This account has ${count}${others.length === 0 ? ': ' : ', for example '}${key}.`,
    `Wait for that transaction (${txCommand('watch', sender, id)}) or cancel it (${txCommand('cancel', sender, id)}), then sweep again.`,
  )
}

/** The transactions that have ended neither in the ledger nor on the chain. */
async function listOpen(
  access: SenderAccess,
  rpc: Rpc,
  from: string,
): Promise<Listed[]> {
  const open: Listed[] = []
  let after: string | null | undefined
  for (let page = 0; page < pages && after !== null; page++) {
    const answer: ListWire = await access.list({
      limit: 100,
      ...(after && { after }),
    })
    open.push(
      ...answer.transactions.filter(
        ({ final, block_number: block }) => !final && block === null,
      ),
    )
    after = answer.next
  }
  if (open.length === 0) return open
  // The ledger may learn of a block up to a minute late.
  const account = await Account.read(rpc, from)
  const isOver = await mapLimited(open, async ({ nonce, transaction_id }) =>
    nonce === null || nonce >= account.nonce
      ? false
      : findReceipt(rpc, await access.get({ transaction_id })),
  )
  return open.filter((_, index) => !isOver[index])
}
