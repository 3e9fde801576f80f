import { expect, test } from 'vitest'
import { adviceOn } from './adviceOn.js'

const throttled =
  'Wait a moment, then try again. If it keeps happening, request a higher quota.'
const credentials =
  'The AWS credentials are not valid or have expired. Get new ones, then try again.'

test.each([
  ['ThrottlingException', 400, throttled],
  ['LimitExceededException', 400, throttled],
  ['ExpiredTokenException', 400, credentials],
  ['UnrecognizedClientException', 400, credentials],
  [
    'AccessDeniedException',
    400,
    "Allow the caller's role dynamodb:PutItem, and check that no policy denies it.",
  ],
  ['HTTP 503', 503, 'The service failed. Try again later.'],
  ['ValidationException', 400, undefined],
  // Not a property that every object has.
  ['constructor', 400, undefined],
])('%s', (awsCode, status, expected) => {
  const refusal = { awsCode, status, text: '', requestId: undefined }
  expect(adviceOn(refusal, 'dynamodb:PutItem')).toBe(expected)
  expect(adviceOn(refusal, 'dynamodb:PutItem', { [awsCode]: 'Own.' })).toBe(
    'Own.',
  )
})
