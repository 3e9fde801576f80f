import { decode, type Hex } from './chain/SimTransaction.js'
import type { World } from './createWorld.js'
import type { Fault } from './Fault.js'

/** The same key in another wallet, which knows nothing of the ledger. */
export async function sendFromElsewhere(
  world: World,
  fault: Pick<Fault, 'how' | 'times'>,
): Promise<void> {
  const { chain, key, random, schedule, foreign } = world
  const start =
    fault.how === 'replaces' ? chain.head.nonce : chain.pendingCount()
  const first = fault.how === 'ahead' ? start + random.between(1, 3) : start
  const { leastTip = 0n } = chain.manners
  const times = fault.how === 'replaces' ? 4n : 2n
  const tip = schedule.tip * times + leastTip
  for (let index = 0; index < (fault.times ?? 1); index++) {
    const price = chain.nextBaseFee * 6n + tip
    const transfer = {
      chainId: schedule.chainId,
      nonce: BigInt(first + index),
      gas: 21_000n,
      to: `0x${'99'.repeat(20)}`,
      value: BigInt(random.between(1, 1000)),
      data: '0x',
    } as const
    const fees = { maxFeePerGas: price, maxPriorityFeePerGas: tip }
    const raw = await key.signTransaction(
      chain.manners.isLegacy
        ? { type: 'legacy', ...transfer, gasPrice: price }
        : { type: 'eip1559', ...transfer, ...fees, accessList: [] },
      random,
    )
    const transaction = await decode(raw as Hex)
    foreign.add(transaction.hash)
    chain.spread(transaction, undefined)
    world.tell?.(`another wallet sends nonce ${first + index}`)
  }
}
