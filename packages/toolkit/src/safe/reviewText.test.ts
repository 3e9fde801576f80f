import { encodeMultiSend, explain } from '@keyward/guard/calls'
import { latestDeployment } from '@keyward/safe'
import { encodeFunctionData, parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { callText } from '../send/callText.js'
import { wrapText } from '../text/wrapText.js'

const safe = `0x${'5a'.repeat(20)}` as const
const token = `0x${'aa'.repeat(20)}` as const
const abi = parseAbi([
  'function aggregate3((address target,bool allowFailure,bytes callData)[] calls)',
  'function transfer(address to, uint256 amount)',
  'function safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data)',
  'function lockdown((address token,address spender)[] approvals)',
])
const encode = (functionName: string, ...args: unknown[]) =>
  encodeFunctionData({ abi, functionName, args } as never)
const call = { from: safe, to: token, value: 0n, operation: 0 } as const

test('calls within calls are shown by their paths, with all arguments', () => {
  const transfer = encode('transfer', safe, 5n)
  const batch = encodeMultiSend([
    { to: token, value: 10n ** 17n, data: '0x' },
    {
      to: token,
      value: 1n,
      data: encode('aggregate3', [[token, true, transfer]]),
    },
    {
      ...{ to: token, value: 0n },
      data: encode(
        'safeTransferFrom',
        safe,
        token,
        1n,
        2n,
        `0x${'11'.repeat(40)}`,
      ),
    },
    { to: token, value: 0n, data: encode('lockdown', [[token, safe]]) },
    { to: token, value: 0n, data: '0x1234' },
  ])
  const to = latestDeployment.callOnlyBatch
  const text = callText(
    explain({ ...call, to, data: batch, operation: 1 }),
    'ETH',
  )
  expect(text).toMatchInlineSnapshot(`
    "  multiSend (0x8d80ff0a)
      by delegatecall to 0x9641d764fc13c8B624c04430C7356C1C7C8102e2
      0     sends 0.1 ETH to 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
      1     aggregate3 (0x82ad56cb)
            on 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            with 0.000000000000000001 ETH
            calls[0].target        0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            calls[0].allowFailure  true
      1.0   transfer (0xa9059cbb)
            on 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            to      0x5a5A5a5a5A5a5a5a5a5A5a5A5A5a5a5A5A5A5A5A
            amount  5
      2     safeTransferFrom (0xf242432a)
            on 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            from    0x5a5A5a5a5A5a5a5a5a5A5a5A5A5a5a5A5A5A5A5A
            to      0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            id      1
            amount  2
            data    40 bytes beginning with 0x11111111
      3     lockdown (0xcc53287f)
            on 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            approvals[0].token    0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            approvals[0].spender  0x5a5A5a5a5A5a5a5a5a5A5a5A5A5a5a5A5A5A5A5A
      4     UNKNOWN: 0x1234
            on 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
            the data is too short for a function"
  `)
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(80)
})

test('a rejection is shown as one', () => {
  const text = callText(explain({ ...call, to: safe, data: '0x' }), 'ETH')
  expect(text).toBe(
    '  nothing: an empty call from the Safe to itself, which uses up the nonce',
  )
})

test('long texts break at spaces, words never', () => {
  expect(wrapText('one two three', ' ', 8)).toBe(' one two\n three')
  expect(wrapText('a-very-long-word b', '', 4)).toBe('a-very-long-word\nb')
})
