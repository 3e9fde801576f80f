import type { Rpc } from '@keyward/sender'
import { expect, test } from 'vitest'
import { testTerminal } from '../../../../test/support/testTerminal.js'
import type * as Target from '../aws/Target.js'
import { confirmNewLedger } from './confirmNewLedger.js'

const address = `0x${'ab'.repeat(20)}`
const aws: Target.Target = {
  kind: 'aws',
  account: '123456789012',
  region: 'eu-central-1',
} as Target.Target

/** A chain at block 100, on which the account has another count than before. */
function rpcOf({ latest, final }: { latest: number; final: number }) {
  const asked: unknown[] = []
  const rpc = {
    chainId: 1,
    async request(method: string, [, block]: unknown[]) {
      asked.push(method, block)
      if (method === 'eth_blockNumber') return '0x64'
      return `0x${(block === 'latest' ? latest : final).toString(16)}`
    },
  } as unknown as Rpc
  return { rpc, asked }
}

const begin = (
  given: bigint | true | undefined,
  { yes = true, latest = 7, final = 7 } = {},
) => {
  const terminal = testTerminal('', {})
  const { rpc, asked } = rpcOf({ latest, final })
  const answer = confirmNewLedger(terminal, {
    ...{ given, target: aws, table: 'own', rpc, yes },
    address: async () => address,
  })
  return { answer, asked, terminal }
}

test('without the flag nobody is asked', async () => {
  const { answer, asked } = begin(undefined)
  expect(await answer).toBeUndefined()
  expect(asked).toEqual([])
})

test('a given count is used', async () => {
  const { answer, asked } = begin(17n, { yes: false })
  expect(await answer).toBe(17n)
  expect(asked).toEqual([])
})

test('a count that was read is shown, with the final one 12 blocks deep', async () => {
  const { answer, asked, terminal } = begin(true)
  expect(await answer).toBe(7n)
  expect(asked).toContain('0x59')
  expect(terminal.written().stderr).toBe(
    `The ledger begins at nonce 7 and does not contain earlier transactions from ${address}.\n`,
  )
})

test('nothing begins while the latest ones are not final', async () => {
  await expect(begin(true, { latest: 9 }).answer).rejects.toThrow(
    `2 transactions from ${address} are not final yet.`,
  )
})

test('explicit consent is needed if nobody can be asked', async () => {
  const { answer, asked } = begin(true, { yes: false })
  await expect(answer).rejects.toThrow(
    'This command starts the new ledger "own" in AWS account 123456789012 (eu-central-1), but there is no terminal to ask for confirmation.',
  )
  expect(asked).toEqual([])
})
