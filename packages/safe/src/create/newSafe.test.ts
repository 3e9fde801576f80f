import { readFileSync } from 'node:fs'
import { TransactionRequest } from '@keyward/core'
import { evaluate, parsePolicy } from '@keyward/guard'
import { expect, test } from 'vitest'
import * as NewSafe from './newSafe.js'

const policy = parsePolicy(
  readFileSync(
    new URL('../../../cdk/local.policy.json', import.meta.url),
    'utf8',
  ),
)
const owner = `0x${'0a'.repeat(20)}` as const
const safe = { owners: [owner], threshold: 1, saltNonce: 0n }

test("the local home's policy lets its sender create a Safe", () => {
  const { to, data } = NewSafe.toCreation(safe)
  const transaction = TransactionRequest.fromJson({
    ...{ type: 'eip1559', chainId: 31337, nonce: 0, gas: 400_000, to, data },
    ...{ value: '0', maxFeePerGas: '10', maxPriorityFeePerGas: '1' },
  })
  const subject = { caller: 'dev', account: owner }
  expect(
    evaluate(policy, { kind: 'transaction', transaction }, subject, {
      time: Date.now(),
    }),
  ).toMatchObject({ decision: 'allow', reasons: [] })
})
