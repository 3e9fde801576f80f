import { aws_iam as iam, aws_kms as kms } from 'aws-cdk-lib'
import { expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { findViolations } from '../../../test/support/findViolations.js'

// A checker that finds nothing must be shown to find something.
test('the checks find a managed policy, and a key without our denies', async () => {
  await ensureBuilt()
  const found = findViolations('bad', (stack) => {
    stack.eip1559Signer?.role.addManagedPolicy(
      iam.ManagedPolicy.fromAwsManagedPolicyName(
        'service-role/AWSLambdaBasicExecutionRole',
      ),
    )
    new kms.Key(stack, 'Plain', {
      keySpec: kms.KeySpec.ECC_SECG_P256K1,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
    })
  })
  expect(found).toEqual([
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    'kms_create_grant_aws_service_check',
  ])
})
