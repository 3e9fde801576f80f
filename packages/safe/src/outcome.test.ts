import { type Rpc, RpcRefusedError } from '@keyward/core/rpc'
import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import * as Outcome from './outcome.js'

const address = `0x${'5a'.repeat(20)}` as const
const hash = `0x${'ab'.repeat(32)}` as const
const payment = '00'.repeat(32)
const success = keccak256(toHex('ExecutionSuccess(bytes32,uint256)'))
const failure = keccak256(toHex('ExecutionFailure(bytes32,uint256)'))
const domain = { safe: address }
/** As 1.4.1 logs it. */
const indexed = {
  address,
  topics: [success, hash],
  data: `0x${payment}`,
} as const

describe("the Safe's log", () => {
  test('is read for both versions', () => {
    expect(Outcome.find([indexed], domain, hash)).toBe('success')
    const plain = {
      ...{ address, topics: [failure] },
      data: `${hash}${payment}` as const,
    }
    expect(Outcome.find([plain], domain, hash)).toBe('failure')
  })

  test.each([
    ['another contract', { ...indexed, address: hash.slice(0, 42) as never }],
    ['another hash', { ...indexed, topics: [success, success] }],
    ['another event', { ...indexed, topics: [hash, hash] }],
    ['nothing', { ...indexed, topics: [] }],
  ])('does not accept %s', (_, log) => {
    expect(Outcome.find([log], domain, hash)).toBeUndefined()
  })
})

describe('the search', () => {
  const open = (answer: (from: bigint) => unknown[]) => {
    const asked: bigint[] = []
    const rpc = {
      request: async (_: string, [{ fromBlock }]: [{ fromBlock: string }]) => {
        asked.push(BigInt(fromBlock))
        return answer(BigInt(fromBlock))
      },
    } as unknown as Rpc
    return { rpc, asked }
  }
  const log = { ...indexed, transactionHash: hash, blockNumber: '0x7' }

  test('is bounded, and begins at 0 on a short chain', async () => {
    const { rpc, asked } = open(() => [log])
    expect(await Outcome.search(rpc, domain, hash, 20_000n)).toEqual({
      ...{ outcome: 'success', transaction: hash, block: 7n },
    })
    await Outcome.search(rpc, domain, hash, 5n)
    expect(asked).toEqual([10_001n, 0n])
  })

  test('asks for a smaller range if the node refuses, and then gives up', async () => {
    const refuse = (from: bigint) => {
      throw new RpcRefusedError('node', 'eth_getLogs', {
        ...{ code: -32005, message: `too many from ${from}` },
      } as never)
    }
    const { rpc, asked } = open(refuse as never)
    expect(await Outcome.search(rpc, domain, hash, 20_000n)).toBeUndefined()
    expect(asked).toEqual([10_001n, 19_001n])
  })
})
