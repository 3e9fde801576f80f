import { BaseError } from '@keyward/core'
import { expect, test } from 'vitest'
import type { Config } from './config.js'
import { createLog } from './log.js'
import { serveInvocations } from './serveInvocations.js'

const context = {
  awsRequestId: 'id',
  invokedFunctionArn:
    'arn:aws:lambda:us-east-1:000000000000:function:treasury-sender:payouts',
  getRemainingTimeInMillis: () => 1000,
}

/** The log lines of one invocation whose work fails with this error. */
async function lines(error: Error) {
  const written: Record<string, unknown>[] = []
  const log = createLog('ERROR', (line) => written.push(JSON.parse(line)))
  const config = { keyId: 'k', anyCaller: true } as Config
  const handler = serveInvocations({ config, log }, () => Promise.reject(error))
  await expect(handler({}, context)).rejects.toThrow()
  return written
}

test('a fault is counted as a metric, whatever the log level', async () => {
  const [failed, metric] = await lines(new BaseError('kms-timeout', 'late'))
  expect(failed).toMatchObject({ level: 'ERROR', code: 'kms-timeout' })
  expect(metric).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'Keyward',
          Dimensions: [['FunctionName']],
          Metrics: [{ Name: 'Faults', Unit: 'Count' }],
        },
      ],
    },
    FunctionName: 'treasury-sender',
    Faults: 1,
  })
})

test('an error that the caller must fix is not a fault', async () => {
  expect(await lines(new BaseError('invalid-request', 'no'))).toEqual([])
})
