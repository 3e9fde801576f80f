import { isDeepStrictEqual } from 'node:util'
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
      memorySizeMb: 256,
      timeoutS: 30,
      logFormat: 'JSON',
      // A second attempt at an event would sign a second time.
      maximumRetryAttempts: 0,
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
  const tag = { TagKey: 'keyward:stack', TagValue: name }
  const arn = (await findTagged()) ?? (await create())
  await kms.call('CreateAlias', { AliasName, TargetKeyId: arn }, operator)
  return arn

  // A kill between the two calls leaves a key without its alias.
  async function findTagged(): Promise<string | undefined> {
    for (const key of kms.keys()) {
      if (key.aliases.length > 0 || key.state !== 'Enabled') continue
      const input = { KeyId: key.keyId }
      const { Tags } = await kms.call('ListResourceTags', input, operator)
      if (Array.isArray(Tags) && Tags.some((t) => isDeepStrictEqual(t, tag)))
        return key.arn
    }
    return undefined
  }

  async function create(): Promise<string> {
    const input = {
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
      Description: `Key of the local stack ${name}`,
      Tags: [tag],
    }
    const { KeyMetadata } = await kms.call('CreateKey', input, operator)
    return (KeyMetadata as { Arn: string }).Arn
  }
}
