import { expect, test } from 'vitest'
import type { AwsConnection } from '../aws/connectAws.js'
import { chooseKeyPolicy } from './chooseKeyPolicy.js'

const account = '123456789012'
const connection = (callerArn: string) =>
  ({
    target: { kind: 'aws' },
    account,
    region: callerArn.startsWith('arn:aws-cn:') ? 'cn-north-1' : 'eu-central-1',
    callerArn: async () => callerArn,
  }) as unknown as AwsConnection
const choose = (callerArn: string, given: object, more: object = {}) =>
  chooseKeyPolicy(connection(callerArn), {
    given,
    defaultPolicy: false,
    origin: 'AWS_KMS',
    ...more,
  })
const path = 'role/aws-reserved/sso.amazonaws.com/eu-central-1'
const session = (role: string) =>
  `arn:aws:sts::${account}:assumed-role/${role}/me@example.com`

test('on AWS, the roles must be given', async () => {
  await expect(choose(session('admin'), {})).rejects.toMatchObject({
    code: 'invalid-input',
    shortMessage: 'No roles were given for the new key.',
    details: expect.stringContaining(
      `You are running this command as arn:aws:iam::${account}:role/admin`,
    ),
  })
  expect(await choose(session('admin'), {}, { defaultPolicy: true })).toEqual({
    policy: undefined,
  })
})

test('a session counts as its role, whose path its ARN omits', async () => {
  const role = 'AWSReservedSSO_KeyAdmin_0123456789abcdef'
  const administrators = [`arn:aws:iam::${account}:${path}/${role}`]
  const { policy } = await choose(session(role), { administrators })
  expect(policy?.Statement[1]).toMatchObject({
    Sid: 'Administrators',
    Principal: { AWS: administrators[0] },
  })
  await expect(
    choose(session(`${role}x`), { administrators }),
  ).rejects.toMatchObject({
    shortMessage: 'You would not be able to administer the new key.',
  })
})

test("the root is in the caller's partition", async () => {
  const admin = `arn:aws-cn:iam::${account}:role/admin`
  const { policy } = await choose(
    `arn:aws-cn:sts::${account}:assumed-role/admin/me`,
    { administrators: [admin] },
  )
  expect(policy?.Statement[0]?.Principal.AWS).toBe(
    `arn:aws-cn:iam::${account}:root`,
  )
})
