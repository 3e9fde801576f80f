import { EtherAmount, type Hex } from '@keyward/core'
import { decode, type Explained, type Type } from '@keyward/guard/calls'
import type { Finding } from '../danger/Danger.js'
import * as slots from '../state/slots.js'
import { findOutflows, pieceOf, statedOf } from './findOutflows.js'
import { finding, toAmount, topic } from './logs.js'
import type { Log, Trial } from './Simulation.js'
import type { Simulated } from './simulate.js'

const transferred = topic('Transfer(address,address,uint256)')
const transferredSingle = topic(
  'TransferSingle(address,address,address,uint256,uint256)',
)
const transferredBatch = topic(
  'TransferBatch(address,address,address,uint256[],uint256[])',
)
/** The address under which a node logs ether transfers. */
const ether: Hex = `0x${'ee'.repeat(20)}`

/** Losses of the Safe beyond those that the transaction states. */
export function findLosses(
  { domain, state }: Trial,
  call: Explained,
  simulation: Simulated['simulation'],
): Finding[] {
  const { logs, balance, tokens } = simulation
  const { safe } = domain
  const says = findOutflows(call, safe)
  const found: Finding[] = []
  const add = (came: bigint, said: bigint, what: string) => {
    if (came > said)
      found.push(
        finding(
          'balance',
          `the Safe would lose ${came} ${what}, but the transaction says ${said}`,
        ),
      )
  }
  const lost = state.balance - balance
  if (lost > says.wei)
    found.push(
      finding(
        'balance',
        `the Safe would lose ${EtherAmount.fromWei(lost)} ether, but the transaction says ${EtherAmount.fromWei(says.wei)}`,
      ),
    )
  const { amounts, pieces } = findMoved(logs, safe)
  const counts = new Map<Hex, bigint>()
  for (const { token, id, net } of pieces) {
    counts.set(token, (counts.get(token) ?? 0n) + net)
    const said = says.pieces.get(pieceOf(token, id)) ?? 0n
    add(net, said, `of the NFT ${id} of the token ${token}`)
  }
  for (const [token, { before, after }] of tokens) {
    // A collection's logs list each NFT, so those are subtracted here.
    const fell = before - after - (counts.get(token) ?? 0n)
    if (fell > (amounts.get(token) ?? 0n)) amounts.set(token, fell)
  }
  for (const [token, net] of amounts) {
    const said = counts.has(token) ? 0n : statedOf(token, says, simulation)
    add(net, said, `of the token ${token}`)
  }
  return found
}

/**
 * The Safe's net losses: the amount of each token, and each NFT, because one
 * NFT doesn't offset another.
 */
function findMoved(logs: readonly Log[], safe: Hex) {
  const amounts = new Map<Hex, bigint>()
  const pieces = new Map<string, { token: Hex; id: bigint; net: bigint }>()
  for (const log of logs) {
    const token = log.address.toLowerCase() as Hex
    if (token === ether) continue
    for (const { id, net } of movesOf(log, safe))
      if (id === undefined) amounts.set(token, (amounts.get(token) ?? 0n) + net)
      else {
        const piece = pieceOf(token, id)
        const sum = (pieces.get(piece)?.net ?? 0n) + net
        pieces.set(piece, { token, id, net: sum })
      }
  }
  const isLost = ({ net }: { net: bigint }) => net > 0n
  return { amounts, pieces: [...pieces.values()].filter(isLost) }
}

type Move = { readonly id: bigint | undefined; readonly net: bigint }

/** In the token's smallest unit; negative values are gains of the Safe. */
function movesOf({ topics, data }: Log, safe: Hex): Move[] {
  const [kind, ...rest] = topics
  const holder = rest.map((word) => slots.toAddress(word))
  const direction = (from: Hex | undefined, to: Hex | undefined) =>
    (from === safe ? 1n : 0n) - (to === safe ? 1n : 0n)
  if (kind === transferred) {
    // If the id is in a topic, the log is about one NFT; otherwise, the amount
    // is in the data.
    const net = direction(holder[0], holder[1])
    return rest.length === 3
      ? [{ id: BigInt(rest[2] as Hex), net }]
      : [{ id: undefined, net: net * toAmount(data) }]
  }
  const net = direction(holder[1], holder[2])
  if (net === 0n) return []
  if (kind === transferredSingle)
    return [{ id: toAmount(data), net: net * toAmount(`0x${data.slice(66)}`) }]
  if (kind !== transferredBatch) return []
  const [ids, amounts] = (decode(lists, data.slice(2)) ?? []) as bigint[][]
  // Data that can't be read still counts as a move.
  return ids === undefined || ids.length !== amounts?.length
    ? [{ id: undefined, net }]
    : ids.map((id, at) => ({ id, net: net * (amounts[at] ?? 0n) }))
}

const uints: Type = {
  kind: 'array',
  of: { kind: 'uint', bits: 256 },
  length: undefined,
}
const lists = [uints, uints]
