import { keyPolicyDocument } from '@keyward/iam/key-policy'
import { KeyFacts, KeyPolicy, resolveRoles } from '@keyward/iam/review'
import { expect, test } from 'vitest'
import { preparePlan } from './preparePlan.js'

const account = '123456789012'
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
const key = KeyFacts.fromArn(`arn:aws:kms:us-east-1:${account}:key/k`, {
  origin: 'AWS_KMS',
  multiRegion: false,
})
const document = keyPolicyDocument(
  {
    administrators: [role('admin')],
    users: [role('payouts')],
    importers: [],
    breakGlass: [role('break-glass')],
    deployers: [],
    goesWithStack: false,
    minimumDeletionWindowDays: 30,
    importExpiration: 'never',
  },
  `arn:aws:iam::${account}:root`,
)

test('the functions of a stack that is named become users of an existing key', () => {
  const policy = KeyPolicy.fromDocument(JSON.parse(JSON.stringify(document)))
  const signers = [role('orders-eip1559-signer'), role('orders-sender')]
  const meant = resolveRoles({}, { policy, key, signers, gone: [] })
  const prepare = (of: readonly string[]) =>
    preparePlan({ policy, key }, { ...meant, signers: of }, role('admin'))
  const plan = prepare(signers)
  expect(plan.isChange).toBe(true)
  for (const signer of signers)
    expect(JSON.stringify(plan.document)).toContain(signer)
  expect(plan.left).toEqual([])
  // A role that nobody named stays a guess.
  expect(() => prepare(signers.slice(1))).toThrow(
    expect.objectContaining({
      shortMessage: expect.stringContaining(
        `This change would let ${signers[0]} sign any transaction or message`,
      ),
    }),
  )
})
