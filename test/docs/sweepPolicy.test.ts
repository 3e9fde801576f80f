import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
        transaction: {
          ...{ type: 'eip1559', chainId: 11155111n, nonce: 1n, gas: 21_000n },
          ...{ to: to as `0x${string}`, value: ether * 10n ** 18n, data: '0x' },
          ...{ maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 1n },
          accessList: [],
        },
      },
      { caller: 'payouts', account: undefined },
      { time: 0 },
    ).decision
  const destination = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
  expect(pay(destination, 100n)).toBe('allow')
  expect(pay(destination, 101n)).toBe('deny')
  expect(pay(`0x${'bd'.repeat(20)}`, 1n)).toBe('deny')
})
