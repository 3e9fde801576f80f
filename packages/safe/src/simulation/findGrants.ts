import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import {
  approvalsOf,
  type Explained,
  isUnlimited,
  permit2,
  walk,
} from '@keyward/guard/calls'
import type { Finding } from '../danger/Danger.js'
import type { Facts } from '../danger/findDangers.js'
import { askEach } from '../state/askEach.js'
import { askWord } from '../state/askWord.js'
import { maxAddresses } from '../state/assertFew.js'
import * as slots from '../state/slots.js'
import { finding, toAmount, topic } from './logs.js'
import type { Log, Trial } from './Simulation.js'

const approved = topic('Approval(address,address,uint256)')
const approvedAll = topic('ApprovalForAll(address,address,bool)')
const authorized = topic('AuthorizedOperator(address,address)')
const handedOver = topic('OwnershipTransferred(address,address)')

/** Permit2's own events, which record approvals of any token. */
const keptByPermit2: readonly (Hex | undefined)[] = [
  topic('Approval(address,address,address,uint160,uint48)'),
  topic('Permit(address,address,address,uint160,uint48,uint48)'),
]

/**
 * Rights that the Safe gives away through any call, according to contracts'
 * logs.
 *
 * @param logs - As {@link withoutStated} returns them.
 */
export function findGrants(
  { domain: { safe } }: Trial,
  logs: readonly Log[],
): Finding[] {
  return logs.flatMap(({ address, topics, data }) => {
    const [kind, ...rest] = topics
    const [first, second, third] = rest.map(slots.toAddress)
    const isKept = isInPermit2({ address, topics }, safe)
    if (isKept || isApproval({ topics }, safe)) {
      const [who, what] = isKept
        ? [third, `${toAmount(data)} of the token ${second}`]
        : [second, toApproved({ topics, data })]
      return [
        finding(
          'unlimited-approval',
          `the contract ${address} logs that ${who} may take ${what}, which the transaction does not state`,
        ),
      ]
    }
    const approves =
      (kind === approvedAll && first === safe && toAmount(data) !== 0n) ||
      (kind === authorized && second === safe)
    if (approves)
      return [
        finding(
          'unlimited-approval',
          `the contract ${address} logs that ` +
            `${kind === authorized ? first : second} may take all of its ` +
            'tokens from the Safe',
        ),
      ]
    return kind === handedOver && first === safe && second !== safe
      ? [
          finding(
            'ownership',
            `the contract ${address} logs that ${second} replaces the Safe as its owner`,
          ),
        ]
      : []
  })
}

/**
 * An approval of an amount, or of an ERC-721 token, whose id is the fourth
 * topic.
 */
const isApproval = ({ topics }: Pick<Log, 'topics'>, safe: Hex) =>
  topics[0] === approved &&
  (topics.length === 3 || topics.length === 4) &&
  slots.toAddress(topics[1] as Hex) === safe

const isInPermit2 = (
  { address, topics }: Pick<Log, 'address' | 'topics'>,
  safe: Hex,
) =>
  address.toLowerCase() === permit2 &&
  keptByPermit2.includes(topics[0]) &&
  slots.toAddress(topics[1] as Hex) === safe

const toApproved = ({ topics, data }: Pick<Log, 'topics' | 'data'>) =>
  topics.length === 4
    ? `the NFT ${BigInt(topics[3] as Hex)}`
    : `${toAmount(data)} of its tokens from the Safe`

/**
 * Unlimited approvals of contracts that claim to be collections but log
 * approvals as a token does: with an amount instead of the id of an NFT.
 *
 * @param logs - All logs, because the transaction states such an approval.
 */
export function findAmountsOfPieces(
  { domain: { safe } }: Trial,
  logs: readonly Log[],
  { isCollection, supplyOf }: Pick<Facts, 'isCollection' | 'supplyOf'>,
): Finding[] {
  const approvals = new Map<Hex, Map<Hex, bigint>>()
  for (const { address, topics, data } of logs) {
    const token = address.toLowerCase() as Hex
    if (!isApproval({ topics }, safe) || topics.length !== 3) continue
    if (!isCollection(token)) continue
    const bySpender = approvals.get(token) ?? new Map<Hex, bigint>()
    const spender = topics[2] as Hex
    const [was, is] = [bySpender.get(spender) ?? 0n, toAmount(data)]
    approvals.set(token, bySpender.set(spender, is > was ? is : was))
  }
  return [...approvals].flatMap(([token, bySpender]) => {
    const sum = [...bySpender.values()].reduce((all, one) => all + one, 0n)
    return isUnlimited(sum, supplyOf(token))
      ? [
          finding(
            'unlimited-approval',
            `the contract ${token} says that it is a collection, but logs ` +
              `that others may take ${sum} of its tokens from the Safe`,
          ),
        ]
      : []
  })
}

/**
 * Removes approvals that don't exceed the stated amount plus the amount that
 * existed before, because tokens also log the remainder when part of an
 * approval is spent.
 */
export async function withoutStated(
  rpc: Rpc,
  { domain: { safe }, state }: Trial,
  call: Explained,
  logs: readonly Log[],
  options: { deadline?: number | undefined } = {},
): Promise<Log[]> {
  const approvals = [...walk(call)].flatMap((one) =>
    approvalsOf(one).map((each) => ({ ...each, keeper: one.to })),
  )
  // Permit2 keeps its approvals itself, whichever contract is called as
  // Permit2.
  const stated = approvals.filter(({ token, keeper }) => token === keeper)
  let asked = 0
  const left = await askEach(logs, async (log) => {
    if (isInPermit2(log, safe)) {
      const [token, spender] = log.topics.slice(2).map(slots.toAddress)
      const said = approvals
        .filter(
          (one) =>
            one.keeper === permit2 &&
            one.token === token &&
            one.spender === spender,
        )
        .reduce((all, { amount }) => all + amount, 0n)
      return toAmount(log.data) <= said ? undefined : log
    }
    if (!isApproval(log, safe)) return log
    const [, owner, spender, piece] = log.topics as [Hex, Hex, Hex, Hex?]
    const token = log.address.toLowerCase()
    const said = stated
      .filter(
        (one) =>
          one.token === token &&
          (one.spender ?? slots.toAddress(spender)) ===
            slots.toAddress(spender),
      )
      .map(({ amount }) => amount)
    if (piece !== undefined) {
      const isNobody = BigInt(spender) === 0n
      return isNobody || said.includes(BigInt(piece)) ? undefined : log
    }
    const amount = toAmount(log.data)
    const sum = said.reduce((all, one) => all + one, 0n)
    if (amount <= sum) return undefined
    // A contract can log any number of approvals. Beyond the maximum, they are
    // refused without asking.
    if (++asked > maxAddresses) return log
    const data: Hex = `0xdd62ed3e${owner.slice(2)}${spender.slice(2)}`
    const ask = { to: log.address, data }
    const was = await askWord(rpc, ask, state.block, options)
    return amount <= sum + (was ?? 0n) ? undefined : log
  })
  return left.filter((log) => log !== undefined)
}
