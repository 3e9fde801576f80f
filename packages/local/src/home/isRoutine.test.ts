import { expect, test } from 'vitest'
import { isRoutine } from './isRoutine.js'

test.each([
  [true, '{"_aws":{"Timestamp":1},"Open":0}'],
  [true, '{"level":"INFO","message":"reconciled"}'],
  [true, '{"time":"t","type":"platform.start","record":{}}'],
  [true, '{"type":"platform.report","record":{"status":"success"}}'],
  [false, '{"type":"platform.report","record":{"status":"timeout"}}'],
  [false, '{"level":"WARN","message":"a nonce was used by somebody else"}'],
  [false, '{"level":"ERROR"}'],
  [false, 'plain text'],
  [false, 'null'],
])('%s: %s', (expected, line) => {
  expect(isRoutine(line)).toBe(expected)
})
