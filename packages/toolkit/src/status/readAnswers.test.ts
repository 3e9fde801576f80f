import type { LambdaClient } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'
import type { FunctionState } from '../stack/readFunction.js'
import { readAnswers } from './readAnswers.js'

const blocking = { nonce: '5', transaction_id: null, unpayable: true }
const answer = { policy_name: 'pay', policy_mode: 'shadow', blocking }
const policy = { name: 'pay', mode: 'shadow', guardTable: null }
const part = (name: string, more: Partial<FunctionState> = {}) =>
  ({ name, concurrency: null, policy: 'ab', ...more }) as FunctionState
const sender = part('orders-sender')

async function read(...functions: FunctionState[]) {
  const asked: string[] = []
  const lambda = {
    async send({ input }: { input: { FunctionName: string } }) {
      asked.push(input.FunctionName)
      const Payload = { transformToString: () => JSON.stringify(answer) }
      return { Payload }
    },
  } as unknown as LambdaClient
  const about = { stack: 'orders', safe: undefined, functions }
  return { ...(await readAnswers(lambda, about)), asked }
}

test('asks a sender that has a policy only once', async () => {
  const asked = ['orders-sender:status']
  expect(await read(sender)).toEqual({ policy, blocking, asked })
})

test('asks a signer for the policy, and the sender for its queue', async () => {
  const signer = part('orders-signer')
  const asked = ['orders-signer:status', 'orders-sender:status']
  expect(await read(signer, sender)).toEqual({ policy, blocking, asked })
})

test('asks a stopped sender for nothing about its queue', async () => {
  const stopped = part('orders-sender', { concurrency: 0, policy: null })
  const asked: string[] = []
  expect(await read(stopped)).toEqual({
    ...{ policy: undefined, blocking: undefined, asked },
  })
})
