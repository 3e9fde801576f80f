import { isWithoutEnd } from '../danger/approvals.js'
import type { Finding } from '../danger/Danger.js'
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
      (kind === approved &&
        rest.length === 2 &&
        first === safe &&
        isWithoutEnd(toAmount(data))) ||
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
