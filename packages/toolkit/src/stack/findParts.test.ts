import { expect, test } from 'vitest'
import type { AwsConnection } from '../aws/connectAws.js'
import { findParts } from './findParts.js'

/** Of who may not look into CloudFormation, and sees these functions. */
function hiddenWith(functions: readonly string[]): AwsConnection {
  const send = async ({ input }: { input: { FunctionName?: string } }) => {
    const { FunctionName } = input
    if (FunctionName === undefined)
      throw Object.assign(new Error(), { name: 'AccessDeniedException' })
    if (functions.includes(FunctionName)) return {}
    throw Object.assign(new Error(), { name: 'ResourceNotFoundException' })
  }
  return { open: () => ({ send }) } as unknown as AwsConnection
}

test('a multisig that may not be read is found by its names', async () => {
  const names = ['treasury-cosigner-1', 'treasury-cosigner-2']
  const parts = await findParts(hiddenWith(names), 'treasury')
  expect(parts.accounts.map(({ role, key }) => [role, key])).toEqual([
    ['owner-1', 'alias/treasury-owner-1'],
    ['owner-2', 'alias/treasury-owner-2'],
    ['relayer', 'alias/treasury-relayer'],
  ])
  expect(parts.functions.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      ...[...names, 'treasury-coordinator'],
      ...['treasury-sender', 'treasury-reconciler'],
    ]),
  )
})

test('without co-signers it is a stack with one key', async () => {
  const { accounts } = await findParts(hiddenWith([]), 'pay')
  expect(accounts).toMatchObject([{ role: undefined, key: 'alias/pay' }])
})
