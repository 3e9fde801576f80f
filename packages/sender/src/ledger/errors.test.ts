import { expect, test } from 'vitest'
import { LedgerServiceError } from './errors.js'

const conflict =
  'Another process changed the item at the same time. Repeat a payment only with the same idempotency key.'
const throttled =
  'The table is throttled. Wait a few seconds, then try again. Repeat a payment only with the same idempotency key.'

test.each([
  ['ConditionalCheckFailedException', conflict],
  ['ReplicatedWriteConflictException', conflict],
  ['ProvisionedThroughputExceededException', throttled],
  ['ThrottlingException', throttled],
  [
    'AccessDeniedException',
    "Allow the caller's role dynamodb:PutItem, and check that no policy denies it.",
  ],
])('%s: what to do', (awsCode, advice) => {
  const refusal = { awsCode, text: '', status: 400, requestId: 'r-1' }
  expect(new LedgerServiceError('PutItem', refusal).message).toBe(
    `DynamoDB returned ${awsCode} for PutItem.\n${advice}\nDynamoDB request id: r-1\nSee docs/errors/ledger-service.md`,
  )
})
