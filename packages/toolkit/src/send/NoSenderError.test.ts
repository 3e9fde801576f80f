import { expect, test } from 'vitest'
import { InvocationError } from '../aws/invoke.js'
import { explainCaller } from './NoSenderError.js'

// What AWS and the function say where the wrong caller asks, or none is named.

const explain = (error: unknown, caller?: string) =>
  // Only a function that is missing has AWS asked.
  explainCaller(error, {} as never, 'treasury', caller)

const refusal = (text: string) =>
  new InvocationError('treasury-sender', {
    errorType: 'CallerNotAllowedError',
    errorMessage: `${text}\nSee docs/errors/caller-not-allowed.md`,
  })

test('a missing --caller is answered with the existing ones', async () => {
  const error = refusal(
    'The function was invoked without an alias; allowed: the aliases payouts, refunds (KEYWARD_CALLERS), and status for the operation "status".',
  )
  expect(await explain(error)).toMatchObject({
    code: 'no-sender',
    shortMessage:
      'The function treasury-sender must be invoked through an alias, but --caller is missing.',
    details: 'Pass --caller with one of: payouts, refunds.',
  })
})

test('a function without callers says how to add one', async () => {
  const error = refusal(
    'The function was invoked without an alias. No callers are configured, so only the operation "status" is allowed. Deploy with --invoker NAME=ARN, or with -c anyCaller=true.',
  )
  expect(await explain(error)).toMatchObject({
    details:
      'The stack has no callers. Add one with keyward deploy --stack treasury --invoker NAME=ARN.',
  })
})

test('if AWS denies it, --caller is checked first', async () => {
  const denied = Object.assign(new Error('User ... is not authorized'), {
    name: 'AccessDeniedException',
  })
  expect(await explain(denied)).toMatchObject({
    code: 'aws-refused',
    details:
      'If the stack has callers, pass your alias with --caller.\nUser ... is not authorized',
  })
  expect(await explain(denied, 'refunds')).toMatchObject({
    shortMessage: 'You are not allowed to invoke treasury-sender:refunds.',
    details: expect.stringContaining('Check --caller.\nUser'),
  })
})

test('the role of a caller is not told to act as somebody else', async () => {
  const payouts = 'arn:aws:sts::000000000000:assumed-role/payouts/first'
  const deniedTo = (caller: string) =>
    Object.assign(new Error('User ... is not authorized'), {
      name: 'AccessDeniedException',
      $response: {
        headers: { 'x-keyward-caller': caller, 'x-keyward-allowed': 'user' },
      },
    })
  const told = async (caller: string) =>
    ((await explain(deniedTo(caller))) as { details: string }).details
  expect(await told(payouts)).not.toMatch(/ha(?:s|ve) the permission/)
  expect(await told('admin')).toContain('user has the permission')
})

test('other errors stay unchanged', async () => {
  const error = new Error('other')
  expect(await explain(error, 'payouts')).toBe(error)
})
