import { expect, test } from 'vitest'
import { FundsRemainError } from './DestroyError.js'

test.each([
  [[], '--stack pay --to ADDRESS)'],
  [['ops'], '--stack pay --caller ops --to ADDRESS)'],
  [
    ['ops', 'desk'],
    '--stack pay --caller CALLER --to ADDRESS, where CALLER is one of ops, desk)',
  ],
])('what moves the funds names the callers %j', (callers, command) => {
  const resources = ['status', ...callers].map((alias) => ({
    ...{ logicalId: alias, type: 'AWS::Lambda::Alias', status: '' },
    physicalId: `arn:aws:lambda:us-east-1:1:function:pay-sender:${alias}`,
  }))
  const { details } = new FundsRemainError('0x1', [], {
    name: 'pay',
    resources,
  })
  expect(details).toContain(`(keyward sweep ${command}`)
})
