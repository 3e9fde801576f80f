import * as Principals from '../iam/Principals.js'
import type { Kms } from '../kms/createKms.js'
import type { Lambda } from '../lambda/createLambda.js'

/** A key and the functions that sign with it. */
export type Stack = {
  /** `keyward-dev`, whose roles the home has credentials for. */
  name: string
  functions: readonly {
    /** The function is `<stack>-<suffix>`, and so is its role. */
    suffix: string
    /** The bundle: one `.mjs` file. Read anew at each start. */
    codePath: string
    /** Beside `KMS_KEY_ID`, which is the ARN of the stack's key. */
    environment: Readonly<Record<string, string>>
  }[]
}

/**
 * Brings the stack to what is asked for: the key and its alias are created
 * when absent and kept otherwise; the functions take the code and
 * configuration given here.
 */
export async function createStack(parameters: {
  stack: Stack
  accountId: string
  kms: Kms
  lambda: Lambda
}): Promise<void> {
  const { stack, accountId, kms, lambda } = parameters
  const arn = await keyArn(stack.name, kms, accountId)
  for (const { suffix, codePath, environment } of stack.functions) {
    const name = `${stack.name}-${suffix}`
    await lambda.putFunction({
      name,
      codePath,
      roleArn: `arn:aws:iam::${accountId}:role/${name}`,
      environment: { ...environment, KMS_KEY_ID: arn },
      description: `Signs with the key of the stack ${stack.name}`,
      memorySizeMb: 512,
      timeoutS: 30,
    })
  }
}

async function keyArn(
  name: string,
  kms: Kms,
  accountId: string,
): Promise<string> {
  const AliasName = `alias/${name}`
  const found = kms.keys().find((key) => key.aliases.includes(AliasName))
  if (found) return found.arn
  const operator = {
    arn: Principals.toArn('operator', accountId),
    account: accountId,
  }
  const { KeyMetadata } = await kms.call(
    'CreateKey',
    {
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
      Description: `Key of the local stack ${name}`,
    },
    operator,
  )
  const { KeyId, Arn } = KeyMetadata as { KeyId: string; Arn: string }
  await kms.call('CreateAlias', { AliasName, TargetKeyId: KeyId }, operator)
  return Arn
}
