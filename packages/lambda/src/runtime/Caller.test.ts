import { expect, test } from 'vitest'
import * as Caller from './Caller.js'

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:signer'

test('the caller is the qualifier with which the function was invoked', () => {
  expect(Caller.fromArn(arn)).toBeUndefined()
  expect(Caller.fromArn(`${arn}:payroll`)).toBe('payroll')
  expect(Caller.fromArn(`${arn}:`)).toBeUndefined()
})

const status = { operation: 'status' }
const sign = { operation: 'sign' }
const error = Caller.CallerNotAllowedError
type Config = Parameters<typeof Caller.assertAllowed>[2]
const assert =
  (
    caller: string | undefined,
    event: unknown,
    config: Partial<Config>,
    own?: string[],
  ) =>
  () =>
    Caller.assertAllowed(
      caller,
      event,
      { callers: undefined, anyCaller: false, ...config },
      own,
    )

test('once callers are configured, nobody else may call', () => {
  for (const anyCaller of [true, false]) {
    const config = { callers: ['payroll', 'refunds'], anyCaller }
    expect(assert('payroll', sign, config)).not.toThrow()
    for (const caller of ['admin', '$LATEST', '1', undefined])
      for (const event of [sign, status, null])
        expect(assert(caller, event, config)).toThrow(error)
  }
  expect(
    assert(undefined, sign, { callers: ['payroll', 'refunds'] }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [CallerNotAllowedError: The function was invoked without an alias; allowed: the aliases payroll, refunds (KEYWARD_CALLERS), and status for the operation "status".
    See docs/errors/caller-not-allowed.md]
  `)
})

test('without callers, nobody can sign, and everybody gets the address', () => {
  for (const caller of [undefined, '1', '$LATEST', 'x']) {
    expect(assert(caller, status, {})).not.toThrow()
    for (const event of [sign, {}, null, [status], { status: '' }])
      expect(assert(caller, event, {})).toThrow(error)
    expect(assert(caller, sign, { anyCaller: true })).not.toThrow()
  }
  expect(assert(undefined, sign, {})).toThrowErrorMatchingInlineSnapshot(`
    [CallerNotAllowedError: The function was invoked without an alias. No callers are configured, so only the operation "status" is allowed. Deploy with --invoker NAME=ARN, or with -c anyCaller=true.
    See docs/errors/caller-not-allowed.md]
  `)
})

test('the alias status only ever answers status', () => {
  for (const config of [
    {},
    { anyCaller: true },
    { callers: ['payroll'] },
    // The configuration refuses this.
    { callers: ['status'] },
  ]) {
    expect(assert('status', status, config)).not.toThrow()
    for (const event of [sign, {}, null])
      expect(assert('status', event, config, ['clock'])).toThrow(error)
  }
  expect(
    assert('status', sign, { callers: ['payroll'] }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [CallerNotAllowedError: The function was invoked through the alias "status", which answers only the operation "status". For other operations, use the alias payroll (KEYWARD_CALLERS).
    See docs/errors/caller-not-allowed.md]
  `)
})

test("a function's own aliases are accepted", () => {
  for (const own of ['admin', 'clock'])
    expect(assert(own, {}, {}, ['admin', 'clock'])).not.toThrow()
  expect(
    assert(undefined, {}, {}, ['admin', 'clock']),
  ).toThrowErrorMatchingInlineSnapshot(`
    [CallerNotAllowedError: The function was invoked without an alias; allowed: the aliases admin, clock (built in), and status for the operation "status".
    See docs/errors/caller-not-allowed.md]
  `)
})
