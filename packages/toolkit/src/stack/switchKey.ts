import type { KMSClient } from '@aws-sdk/client-kms'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import { seen } from '../aws/peek.js'
import { findKeyArn } from './findKeyArn.js'
import type { Account } from './findParts.js'
import { readKeyState } from './readKeyState.js'
import * as Step from './Step.js'
import type { Template } from './Template.js'
import { whoSwitchesKey } from './whoSwitches.js'

/**
 * Disables or enables a stack's key, as a separate step that can fail without
 * the others.
 *
 * @param work - Receives the key's ARN and, if visible, its state.
 */
export async function switchKey(
  kms: KMSClient,
  lambda: LambdaClient,
  { key, functions, template }: Account & { template: Template | undefined },
  action: 'kms:DisableKey' | 'kms:EnableKey',
  work: (arn: string, state: string | undefined) => Promise<string>,
): Promise<Step.Step> {
  const runAs = whoSwitchesKey(template, action)
  const names = functions.map(({ name }) => name)
  const arn = await findKeyArn(kms, lambda, key, names).catch(() => undefined)
  if (arn === undefined)
    return {
      ...{ kind: 'key', part: key, done: false, runAs },
      note: 'no permission to find the key (kms:DescribeKey)',
    }
  let isImported = false
  const step = await Step.run('key', arn, runAs, async () => {
    const found = seen(await readKeyState(kms, arn))
    isImported = found?.origin === 'EXTERNAL'
    return work(arn, found?.state)
  })
  return isImported ? { ...step, imported: true } : step
}
