import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TransactionRequest } from '@keyward/core'
import { evaluate, parsePolicy } from '@keyward/guard'
import { lint } from '@keyward/guard/authoring'
import { expect, test } from 'vitest'
import { root } from '../support/runCli.js'

const guide = readFileSync(join(root, 'docs/guides/clean-up.md'), 'utf8')
const [, text = ''] = /^```json\n(.*?)^```$/ms.exec(guide) ?? []

test("the guide's policy for a sweep passes lint, and allows only that", () => {
  expect(lint(text, []).map(({ code, level }) => [level, code])).toEqual([])
  const policy = parsePolicy(text, [])
  const pay = (to: string, ether: bigint) =>
    evaluate(
      policy,
      {
        kind: 'transaction',
        transaction: TransactionRequest.fromJson({
          ...{ type: 'eip1559', chainId: 11155111, nonce: 1, gas: 21_000, to },
          ...{ maxFeePerGas: '1000000000', maxPriorityFeePerGas: '1' },
          value: String(ether * 10n ** 18n),
        }),
      },
      { caller: 'payouts', account: undefined },
      { time: 0 },
    ).decision
  const destination = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
  expect(pay(destination, 100n)).toBe('allow')
  expect(pay(destination, 101n)).toBe('deny')
  expect(pay(`0x${'bd'.repeat(20)}`, 1n)).toBe('deny')
})
