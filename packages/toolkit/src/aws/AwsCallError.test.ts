import { expect, test } from 'vitest'
import { AwsCallError } from './AwsCallError.js'

const refusal = (name: string, headers = {}) =>
  Object.assign(new Error('No.'), {
    name,
    $metadata: { httpStatusCode: 400 },
    $response: { headers },
  })

const messageOf = (error: Error) => AwsCallError.from(error).message

test.each([
  [
    'AccessDeniedException',
    'Use another profile, or ask an administrator for the permission.',
  ],
  [
    'ResourceNotFoundException',
    'Check the name, the AWS account and the Region. To choose others, use another profile or set AWS_REGION.',
  ],
  [
    'ThrottlingException',
    'Wait a moment, then try again. If it keeps happening, request a higher quota.',
  ],
  [
    'KMSInvalidStateException',
    "The key's state does not allow this. See it with: keyward key show",
  ],
])('%s: what to do', (name, advice) => {
  expect(messageOf(refusal(name))).toBe(
    `AWS returned ${name}.\nNo.\n${advice}\nSee docs/errors/aws-refused.md`,
  )
})

test('a name without advice', () => {
  expect(messageOf(refusal('constructor'))).toBe(
    'AWS returned constructor.\nNo.\nSee docs/errors/aws-refused.md',
  )
})

test('the local home names who has the permission', () => {
  const denied = (allowed: string) =>
    messageOf(
      refusal('AccessDeniedException', {
        'x-keyward-caller': 'user',
        'x-keyward-allowed': allowed,
      }),
    )
  expect(denied('admin')).toBe(
    'AWS returned AccessDeniedException.\nNo.\nYou are using the principal "user". In this local home, admin has the permission. To switch to admin, run:\n  eval "$(npx --no-install keyward env --as admin)"\nSee docs/errors/aws-refused.md',
  )
  expect(denied('admin deployer')).toContain(
    'these principals have the permission: admin, deployer. To switch to admin, run:',
  )
})
