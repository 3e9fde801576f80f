import { expect, test } from 'vitest'
import * as Caller from './Caller.js'

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:signer'

test('the caller is the qualifier the function was invoked by', () => {
  expect(Caller.fromArn(arn)).toBeUndefined()
  expect(Caller.fromArn(`${arn}:payroll`)).toBe('payroll')
  expect(Caller.fromArn(`${arn}:`)).toBeUndefined()
})

test('once callers are configured, nobody else may call', () => {
  expect(() => Caller.assertAllowed(undefined, undefined)).not.toThrow()
  expect(() => Caller.assertAllowed('x', undefined)).not.toThrow()
  expect(() => Caller.assertAllowed('payroll', ['payroll'])).not.toThrow()
  for (const caller of ['refunds', '$LATEST', '1'])
    expect(() => Caller.assertAllowed(caller, ['payroll'])).toThrow(
      Caller.CallerNotAllowedError,
    )
  expect(() =>
    Caller.assertAllowed(undefined, ['payroll', 'refunds']),
  ).toThrowErrorMatchingInlineSnapshot(`
    [CallerNotAllowedError: It was invoked without an alias; allowed: the aliases payroll, refunds (KEYWARD_CALLERS).
    See docs/errors/caller-not-allowed.md]
  `)
})
