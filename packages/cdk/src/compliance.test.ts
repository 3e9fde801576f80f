import type { App } from 'aws-cdk-lib'
import { expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import {
  findViolations,
  findViolationsOf,
} from '../../../test/support/findViolations.js'
import { soak } from '../../../test/support/tools.js'
import { MultisigStack } from './index.js'

test('AwsSolutions and Control Tower find nothing beyond acknowledged findings', async () => {
  await ensureBuilt()
  expect(findViolations('good', () => {})).toEqual([])
})

test.runIf(soak)('nor do they for a multisig', async () => {
  await ensureBuilt()
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
  const create = (app: App) =>
    new MultisigStack(app, 'multisig', {
      network: 'sepolia',
      administrators: [role('admin')],
      rpcUrl: 'arn:aws:ssm:eu-central-1:123456789012:parameter/rpc',
      owners: [{ approvers: { anna: role('anna') } }],
      proposers: { dora: role('dora') },
      alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
    })
  expect(findViolationsOf('multisig', create)).toEqual([])
})
