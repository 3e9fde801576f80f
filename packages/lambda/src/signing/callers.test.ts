import { openTransactionKey } from '@keyward/core'
import { expect, test, vi } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import { type Environment, readConfig } from '../runtime/config.js'
import { createLog } from '../runtime/log.js'
import { createHandler } from './createHandler.js'

// The caller that a signer reports to its policy, which counts by caller.

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f'

async function findCallers(
  qualifiers: readonly string[],
  environment: Environment,
) {
  const config = readConfig({
    ...{ KMS_KEY_ID: 'alias/a', ETH_NETWORK: '1', LOG_LEVEL: 'ERROR' },
    ...environment,
  })
  const callers: (string | undefined)[] = []
  const { service } = createMemoryKey()
  const key = openTransactionKey({
    ...{ service, keyId: 'alias/a' },
    authorize(_, { caller }) {
      callers.push(caller)
    },
  })
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const handler = createHandler<object>(
    { config, key, log: createLog('ERROR'), gate: undefined },
    {
      ownFields: {
        ...{ names: [], priceName: 'gas', read: () => ({}), price: () => 1n },
      },
      toTransaction: (fields) => ({ type: 'legacy', gasPrice: 1n, ...fields }),
      toAnswer: () => ({}),
    },
  )
  for (const qualifier of qualifiers)
    await handler(
      {
        ...{ operation: 'sign', amount: '0', nonce: 0, gas: 21_000 },
        dst_address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      },
      {
        awsRequestId: 'r',
        invokedFunctionArn: `${functionArn}${qualifier}`,
        getRemainingTimeInMillis: () => 10_000,
      },
    )
  write.mockRestore()
  return callers
}

test('each alias is a caller', async () => {
  expect(
    await findCallers([':payouts', ':refunds'], {
      KEYWARD_CALLERS: 'payouts,refunds',
    }),
  ).toEqual(['payouts', 'refunds'])
})

test('if none are configured, all callers count as one, whichever alias they use', async () => {
  expect(
    await findCallers(['', ':$LATEST', ':1', ':anything'], {
      KEYWARD_ANY_CALLER: 'true',
    }),
  ).toEqual(['*', '*', '*', '*'])
})
