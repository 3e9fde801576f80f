import type { Rpc } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import { boundRpc } from '../../../../test/support/requireDeadline.js'
import {
  createTestKey,
  createTestNode,
} from '../../../../test/support/senderParts.js'
import { createChain } from '../chain/createChain.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { readCount, readHighest } from './readCount.js'

let account: Account
beforeEach(async () => {
  account = await createTestKey().getAccount()
})

type Answer = number | undefined

/**
 * A chain whose nodes answer a count each time: one of them, and all of them.
 * The last answer is repeated.
 */
function open(counts: number[], rounds: Answer[][] = []) {
  const node = createTestNode()
  const asked: unknown[][] = []
  let one = 0
  let round = 0
  node.lies.eth_getTransactionCount = (params) => {
    asked.push(['one', params[1]])
    return `0x${counts[Math.min(one++, counts.length - 1)]!.toString(16)}`
  }
  const rpc: Rpc = {
    ...boundRpc(node.rpc),
    async askEach(_, _method, params, options) {
      if (options?.deadline === undefined) throw new Error('no deadline')
      asked.push(['all', params?.[1]])
      return rounds[Math.min(round++, rounds.length - 1)]!.map((count) =>
        count === undefined ? undefined : `0x${count.toString(16)}`,
      )
    },
  }
  return { chain: createChain(rpc), asked }
}

describe('the count', () => {
  test.each<[counts: number[], count: bigint, asked: number]>([
    [[5, 5], 5n, 2],
    [[3, 4, 4], 4n, 3],
    // One node is behind the other: the lower one, wherever it comes.
    [[3, 4, 3, 4, 3, 4, 3], 3n, 7],
    [[9, 8, 7, 3, 5, 6, 8], 3n, 7],
    [[9, 8, 9, 8, 9, 8, 8], 8n, 7],
    [[9, 8, 9, 8, 9, 8, 9, 9], 8n, 7],
  ])('of the answers %o is %i', async (counts, count, times) => {
    const { chain, asked } = open(counts)
    expect(await readCount(chain, account, 'pending', 1)).toBe(count)
    expect(asked).toEqual(Array(times).fill(['one', 'pending']))
  })
})

describe('the highest count', () => {
  const read = async (count: number, ...rounds: Answer[][]) => {
    const { chain, asked } = open([count], rounds)
    const answer = await readHighest(chain, account, 'latest', 1).catch(
      (error) => error.message.split('\n')[0],
    )
    return [answer, asked.filter(([who]) => who === 'all').length]
  }

  test('is that of the endpoint that knows most', async () => {
    expect(await read(5, [5, 7, 6])).toEqual([7n, 1])
    expect(await read(7, [5, 6])).toEqual([7n, 1])
  })

  test('is not one that no chain reaches', async () => {
    expect(await read(5, [5, 10_005])).toEqual([10_005n, 1])
    expect(await read(5, [5, 10_006, 6])).toEqual([6n, 1])
  })

  test('is that of the only endpoint that answered', async () => {
    expect(await read(5, [undefined])).toEqual([5n, 1])
    expect(await read(5, [6])).toEqual([5n, 1])
  })

  test('waits for a busy endpoint, which is asked three times', async () => {
    const silent = [5, undefined]
    expect(await read(5, silent, [undefined, 8])).toEqual([8n, 2])
    expect(await read(5, [6, undefined], silent, silent)).toEqual([
      expect.stringContaining('1 of 2 endpoints did not return'),
      3,
    ])
    expect(await read(5, silent, silent, [5, 9])).toEqual([9n, 3])
    expect(await read(5, silent, silent, silent, [5, 9])).toEqual([
      expect.stringContaining('1 of 2 endpoints did not return'),
      3,
    ])
    expect(await read(5, [9, undefined], [1, 6])).toEqual([9n, 2])
  })
})
