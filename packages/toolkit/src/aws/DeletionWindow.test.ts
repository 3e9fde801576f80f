import type { KMSClient } from '@aws-sdk/client-kms'
import { expect, test } from 'vitest'
import { keyPolicyDocument } from '../../../iam/src/key-policy/index.js'
import * as Aftermath from '../destroy/Aftermath.js'
import { retireKey } from '../destroy/retireKey.js'
import * as DeletionWindow from './DeletionWindow.js'

const arn = 'arn:aws:kms:us-east-1:000000000000:key/1'
const answer = (Policy: string) =>
  ({ send: async () => ({ Policy }) }) as unknown as KMSClient

test("the minimum is that of the key's policy", async () => {
  const minimum = (policy: object) =>
    DeletionWindow.readMinimum(answer(JSON.stringify(policy)), arn)
  const none: readonly string[] = []
  const roles = { administrators: none, users: none, importers: none }
  const policy = keyPolicyDocument(
    {
      ...{ ...roles, breakGlass: none, deployers: none },
      ...{ importExpiration: 'any', sha1Wrapping: false },
      minimumDeletionWindowDays: 14,
    } as never,
    'arn:aws:iam::000000000000:root',
  )
  expect(await minimum(policy)).toBe(14)
  expect(await minimum({ Statement: [] })).toBeUndefined()
  // Denied to others, or under another condition.
  const [short] = policy.Statement.filter(
    ({ Sid }) => Sid === 'NoShortDeletion',
  )
  for (const more of [
    { Principal: { AWS: 'arn:aws:iam::000000000000:role/other' } },
    {
      Condition: { ...short?.Condition, Bool: { 'aws:SecureTransport': 'x' } },
    },
    { Effect: 'Allow' },
  ])
    expect(await minimum({ Statement: [{ ...short, ...more }] })).toBe(
      undefined,
    )
})

test('a denial of a short period prints the command without it', async () => {
  const denied = Object.assign(
    new Error(
      'not authorized, with an explicit deny in a resource-based policy',
    ),
    { name: 'AccessDeniedException' },
  )
  const kms = {
    async send(command: object) {
      if (command.constructor.name === 'ScheduleKeyDeletionCommand')
        throw denied
      return { KeyMetadata: { KeyState: 'Disabled', Arn: arn } }
    },
  } as unknown as KMSClient
  const plan = { keys: [{ arn }], fates: [], holders: [{}], stack: 'pay' }
  const commandAfter = async (windowDays: number) => {
    const request = { windowDays, deleteImportedMaterial: false, runAs: '' }
    const steps = await retireKey(kms, arn, request)
    const { again } = Aftermath.from(
      { kind: 'local', endpoint: 'http://127.0.0.1:1' },
      plan as never,
      { steps, states: [] },
      request as never,
    )
    return [steps.map(({ note }) => note), again]
  }
  const command = 'keyward destroy --stack pay --break-glass-profile PROFILE'
  expect(await commandAfter(7)).toEqual([[DeletionWindow.tooShort], command])
  expect(await commandAfter(30)).toEqual([['not allowed'], command])
})
