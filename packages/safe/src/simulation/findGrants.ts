import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { isWithoutEnd } from '@keyward/guard/calls'
import type { Finding } from '../danger/Danger.js'
import { askWord } from '../state/askWord.js'
import * as slots from '../state/slots.js'
import { finding, toAmount, topic } from './logs.js'
import type { Log, Trial } from './Simulation.js'

const approved = topic('Approval(address,address,uint256)')
const approvedAll = topic('ApprovalForAll(address,address,bool)')
const authorized = topic('AuthorizedOperator(address,address)')
const handedOver = topic('OwnershipTransferred(address,address)')

/** What contracts log of rights that the Safe gives away, by whatever call. */
export function findGrants(
  { domain: { safe } }: Trial,
  logs: readonly Log[],
): Finding[] {
  return logs.flatMap(({ address, topics, data }) => {
    const [kind, ...rest] = topics
    const [first, second] = rest.map(slots.toAddress)
    const approves =
      isEndless({ address, topics, data }, safe) ||
      (kind === approvedAll && first === safe && toAmount(data) !== 0n) ||
      (kind === authorized && second === safe)
    if (approves)
      return [
        finding(
          'unlimited-approval',
          `the contract ${address} logs that ${kind === authorized ? first : second} may take all that the Safe has of it`,
        ),
      ]
    return kind === handedOver && first === safe && second !== safe
      ? [
          finding(
            'ownership',
            `the contract ${address} logs that ${second} owns it instead of the Safe`,
          ),
        ]
      : []
  })
}

const isEndless = ({ topics, data }: Log, safe: Hex) =>
  topics[0] === approved &&
  topics.length === 3 &&
  slots.toAddress(topics[1] as Hex) === safe &&
  isWithoutEnd(toAmount(data))

/**
 * Without approvals of no more than there was: tokens log what is left when
 * some of one is spent.
 */
export async function withoutSpent(
  rpc: Rpc,
  { domain: { safe }, state }: Trial,
  logs: readonly Log[],
  options: { deadline?: number | undefined } = {},
): Promise<Log[]> {
  const left = await Promise.all(
    logs.map(async (log) => {
      if (!isEndless(log, safe)) return log
      const [, owner, spender] = log.topics as [Hex, Hex, Hex]
      const data: Hex = `0xdd62ed3e${owner.slice(2)}${spender.slice(2)}`
      const call = { to: log.address, data }
      const was = await askWord(rpc, call, state.block, options)
      return was !== undefined && was >= toAmount(log.data) ? undefined : log
    }),
  )
  return left.filter((log) => log !== undefined)
}
