import type { ReconcilerOperation } from '@keyward/sender'
import { formatEther } from '../text/formatEther.js'
import { pluralize } from '../text/pluralize.js'

/** The answer of `repair`: what it found or did. */
export type Repair = ReconcilerOperation.RepairWire

/** The plan as text for users: counts first, then each transaction. */
export function format(repair: Repair): string {
  const { found, unproven, lost, lowered, refused } = repair
  const parts = [
    found.length === 0
      ? 'No transactions on the chain or in the pool are missing from the ledger.'
      : `${pluralize(found.length, 'transaction')} on the chain or in the pool ${found.length === 1 ? 'is' : 'are'} missing from the ledger:\n${toList(found)}`,
    ...(unproven.length === 0 ? [] : [unprovenText(unproven)]),
    ...(lost.length === 0 ? [] : [lostText(lost)]),
    ...(lowered === null
      ? []
      : [
          `The ledger's next nonce is ${lowered.from}, which the chain will not reach. The repair lowers it to ${lowered.to}.`,
        ]),
    ...(refused.length === 0
      ? []
      : [
          `${pluralize(refused.length, 'request')} got a nonce that will never be mined. Each ends as refused (unreachable-nonce). Send each again with another idempotency key:\n${refused.map((id) => `  ${id}`).join('\n')}`,
        ]),
  ]
  return parts.join('\n\n')
}

/**
 * What happens after the confirmation; completes a sentence that begins with
 * "This".
 */
export function describe({ found, lowered, refused }: Repair): string {
  const others = [
    ...(found.length === 0
      ? []
      : [`records ${pluralize(found.length, 'transaction')}`]),
    ...(lowered === null ? [] : [`lowers the next nonce to ${lowered.to}`]),
    ...(refused.length === 0
      ? []
      : [`refuses ${pluralize(refused.length, 'request')}`]),
  ]
  const last = "makes the table the account's ledger"
  return others.length === 0 ? last : `${others.join(', ')}, and ${last}`
}

/** How the repair ended, and what remains to be done. */
export function formatEnd(
  { complete, found, unproven, lost }: Repair,
  { stack }: { stack?: string | undefined },
): string {
  const wrote = `Recorded ${pluralize(found.length, 'transaction')}.`
  if (complete) {
    const next = [
      ...(lost.length === 0 ? [] : [lostText(lost)]),
      ...(found.length === 0
        ? []
        : [
            'A request that does the same as a recorded transaction is refused (possible-repeat) until you assign that transaction to a request: keyward tx adopt HASH --caller ALIAS --as KEY.',
          ]),
    ]
    return [`The ledger is complete. ${wrote}`, ...next].join('\n')
  }
  const again = `keyward tx repair${stack === undefined ? '' : ` --stack ${stack}`}`
  const left =
    unproven.length === 0
      ? `There was not enough time to record all missing transactions. Run ${again} again to continue.`
      : `${unprovenText(unproven)}\nThen run ${again} again.`
  return `NOT complete: no requests are accepted yet. ${wrote}\n${left}`
}

function lostText(nonces: readonly number[]): string {
  return (
    `${pluralize(nonces.length, 'nonce')} below a transaction in the pool ` +
    'might have been used for signed transactions that no node has: ' +
    `${ranges(nonces)}.\n` +
    'No requests are accepted until all of these nonces are used and ' +
    'final. The reconciler fills them with zero-value transfers.'
  )
}

function unprovenText(nonces: readonly number[]): string {
  return [
    `${pluralize(nonces.length, 'nonce')} are used, but no node has the transactions: ${ranges(nonces)}.`,
    "Use a node that keeps the chain's history (rpcUrl, or --rpc-url with --ledger). If the transactions are still in a pool, wait until they are mined.",
  ]
    .join('\n')
    .replace(/^1 nonce are/, '1 nonce is')
}

/** Formats nonces, for example as `3, 5 to 9`. */
function ranges(nonces: readonly number[]): string {
  const runs: [first: number, last: number][] = []
  for (const nonce of nonces) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === nonce - 1) run[1] = nonce
    else runs.push([nonce, nonce])
  }
  return runs
    .map(([first, last]) => (first === last ? first : `${first} to ${last}`))
    .join(', ')
}

/** A hash and an address don't fit on a line of 80 columns. */
function toList(found: Repair['found']): string {
  return found
    .map(({ nonce, hash, dst_address: to, value_wei: wei, data, mined }) =>
      [
        `  nonce ${nonce}, ${mined ? 'mined' : 'in the pool'}: value ${formatEther(BigInt(wei))}${data === '0x' ? '' : ' and data'}`,
        `    hash ${hash}`,
        `    to   ${to ?? '(new contract)'}`,
      ].join('\n'),
    )
    .join('\n')
}
