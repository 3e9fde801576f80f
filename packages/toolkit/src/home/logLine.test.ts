import { expect, test } from 'vitest'
import { toLogLine } from './logLine.js'

const same = (text: string) => text
const style = { dim: () => '12:00:00', red: same, green: same } as never

const line = (entry: object) =>
  toLogLine(`treasury-sender: ${JSON.stringify(entry)}`, 'text', style)

test("a policy's decision is shown with its rule and the reason", () => {
  const decided = { level: 'INFO', message: 'decided', caller: 'payouts' }
  const allow = { decision: 'allow', mode: 'enforce', rule: 'pay-native' }
  expect(line({ ...decided, ...allow })).toBe(
    '12:00:00 treasury-sender allowed for payouts by pay-native',
  )
  const deny = { decision: 'deny', mode: 'shadow' }
  const fields = ['actions[].rules[pay-native].recipients', 'a\n\u001b[2J']
  expect(line({ ...decided, ...deny, fields })).toBe(
    '12:00:00 treasury-sender denied for payouts in shadow mode, but signed anyway: actions[].rules[pay-native].recipients, "a\\n\\u001b[2J"',
  )
  expect(
    line({ ...decided, ...deny, mode: 'enforce', fields: ['windows[day]'] }),
  ).toBe('12:00:00 treasury-sender denied for payouts: windows[day]')
})

test('a new request is not an error', () => {
  const found = { code: 'transaction-not-found', duration_ms: 3 }
  expect(line({ level: 'WARN', message: 'refused', ...found })).toBe(
    '12:00:00 treasury-sender get: no such transaction yet 3 ms',
  )
  const message = { errorType: 'TransactionNotFoundError', errorMessage: 'no' }
  expect(line({ level: 'ERROR', message })).toBeUndefined()
})

test('a request has one line, although its signature has one too', () => {
  const signed = { level: 'INFO', message: 'signed', transaction_id: 'a' }
  expect(line(signed)).toBeUndefined()
  expect(line({ ...signed, duration_ms: 3 })).toBe(
    '12:00:00 treasury-sender signed 3 ms',
  )
})
