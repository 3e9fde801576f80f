import { expect, test } from 'vitest'
import { inStack } from '../stack/findParts.js'
import type { Stack } from '../stack/readStack.js'
import type { Template } from '../stack/Template.js'
import { fatesOf } from './findRemains.js'

const stack: Stack = {
  ...{ name: 'orders', id: 'arn', status: 'DELETE_COMPLETE', outputs: {} },
  ...{ statusReason: undefined, roleArn: undefined },
  terminationProtection: false,
  resources: ['SenderLogs', 'MessageLogs'].map((logicalId) => ({
    ...{ logicalId, physicalId: `orders-${logicalId}` },
    ...{ type: 'AWS::Logs::LogGroup', status: 'DELETE_SKIPPED' },
  })),
}
const template: Template = {
  Resources: {
    SenderLogs: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain' },
  },
}

test('logs that an earlier deployment left stay, also if the stack is gone', () => {
  const fates = (keepLogs: boolean) =>
    fatesOf(
      { stack, template, parts: inStack(stack, template), gone: true },
      { keepLogs, goneKeys: [] },
    ).map(({ id, fate }) => `${id} ${fate}`)
  expect(fates(false)).toEqual([
    'orders-SenderLogs remove',
    'orders-MessageLogs stay',
  ])
  expect(fates(true)).toEqual([
    'orders-SenderLogs stay',
    'orders-MessageLogs stay',
  ])
})
