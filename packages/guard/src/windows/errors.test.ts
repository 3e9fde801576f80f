import { expect, test } from 'vitest'
import { GuardServiceError, GuardTimeoutError } from './errors.js'

const unread =
  'Nothing was signed, because the amounts could not be recorded in the spending windows.'

test.each([
  [
    'ThrottlingException',
    'The table is throttled. Wait a moment, then repeat the request with the same id.',
  ],
  [
    'ConditionalCheckFailedException',
    'Another process changed the item at the same time. Repeat the request with the same id.',
  ],
  [
    'AccessDeniedException',
    "Allow the caller's role dynamodb:UpdateItem, and check that no policy denies it.",
  ],
])('%s: what to do', (awsCode, advice) => {
  const refusal = { awsCode, text: 'No.', status: 400, requestId: 'r-1' }
  expect(new GuardServiceError('UpdateItem', refusal).message).toBe(
    `DynamoDB returned ${awsCode} for UpdateItem.\nNo.\nDynamoDB request id: r-1\n${unread}\n${advice}\nSee docs/errors/guard-service.md`,
  )
})

test('no time for a call', () => {
  expect(new GuardTimeoutError('dynamodb', 0).shortMessage).toBe(
    'The time limit was reached before DynamoDB at dynamodb could be called.',
  )
  expect(new GuardTimeoutError('dynamodb', 50).shortMessage).toBe(
    'DynamoDB at dynamodb did not answer within 50 ms.',
  )
})
