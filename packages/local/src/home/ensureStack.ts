import type { Principal } from '../iam/Principal.js'
import type { Kms } from '../kms/createKms.js'
import type { Lambda } from '../lambda/createLambda.js'

export type Stack = {
  /** Also the name of the key's alias. */
  name: string
  functions: readonly {
    /** The function is named `<stack>-<suffix>`. */
    suffix: string
    /** A single `.mjs` file. */
    codePath: string
    /** Beside KMS_KEY_ID, which is the ARN of the stack's key. */
    environment: Readonly<Record<string, string>>
  }[]
}

const memorySizeMb = 256
const timeoutS = 30

/**
 * Creates the stack's key and alias when they are absent, and brings the
 * functions up to date with their code. The key stays for ever.
 */
export async function ensureStack(parameters: {
  stack: Stack
  kms: Kms
  lambda: Lambda
  accountId: string
  principal: Principal
}): Promise<{ keyArn: string }> {
  const { stack, kms, lambda, accountId, principal } = parameters
  const alias = `alias/${stack.name}`
  const keyArn =
    kms.keys().find((key) => key.aliases.includes(alias))?.arn ??
    (await createKey())
  for (const { suffix, codePath, environment } of stack.functions) {
    const name = `${stack.name}-${suffix}`
    await lambda.putFunction({
      name,
      codePath,
      roleArn: `arn:aws:iam::${accountId}:role/${name}`,
      environment: { ...environment, KMS_KEY_ID: keyArn },
      memorySizeMb,
      timeoutS,
      logFormat: 'JSON',
      maximumRetryAttempts: 0,
    })
  }
  return { keyArn }

  // A key that lost its alias to a kill between the two calls is found by tag.
  async function createKey(): Promise<string> {
    const tag = { TagKey: 'keyward:stack', TagValue: stack.name }
    const arn = (await findTagged(tag.TagValue)) ?? (await create())
    const input = { AliasName: alias, TargetKeyId: arn }
    await kms.call('CreateAlias', input, principal)
    return arn

    async function create(): Promise<string> {
      const input = {
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        Description: `Key of the local stack ${stack.name}`,
        Tags: [tag],
      }
      const { KeyMetadata } = await kms.call('CreateKey', input, principal)
      return (KeyMetadata as { Arn: string }).Arn
    }
  }

  async function findTagged(value: string): Promise<string | undefined> {
    for (const key of kms.keys()) {
      if (key.aliases.length > 0 || key.state !== 'Enabled') continue
      const input = { KeyId: key.keyId }
      const { Tags } = await kms.call('ListResourceTags', input, principal)
      const tags = Tags as { TagKey: string; TagValue: string }[]
      if (
        tags.some((t) => t.TagKey === 'keyward:stack' && t.TagValue === value)
      )
        return key.arn
    }
    return undefined
  }
}
