import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import type { ChosenPolicy } from '../access/chooseKeyPolicy.js'
import type { AwsConnection } from './connectAws.js'
import { KeyPolicyRefusedError } from './KeyPolicyRefusedError.js'
import { peek, seen } from './peek.js'
import { readKeyPolicy } from './readKeyPolicy.js'
import { untilSettled } from './untilSettled.js'

export type NewSigningKey = {
  /** `EXTERNAL`: the key waits until its owner imports the material. */
  origin: 'AWS_KMS' | 'EXTERNAL'
  policy: ChosenPolicy
  description?: string | undefined
  tags?: Readonly<Record<string, string>> | undefined
}

export type CreatedKey = KeyMetadata & { Arn: string }

/**
 * Creates a secp256k1 signing key with a request that is sent only once. The
 * SDK would resend a request whose answer was lost, and KMS would create a
 * second key.
 *
 * @throws KeyPolicyRefusedError if KMS rejects the policy, and any SDK error
 */
export async function createSigningKey(
  aws: AwsConnection,
  { origin, policy, description, tags = {} }: NewSigningKey,
): Promise<CreatedKey> {
  const { CreateKeyCommand, KMSClient } = await import('@aws-sdk/client-kms')
  const client = aws.open(
    class extends KMSClient {
      constructor(config: ConstructorParameters<typeof KMSClient>[0]) {
        super({ ...config, maxAttempts: 1 })
      }
    },
  )
  const command = new CreateKeyCommand({
    KeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
    Origin: origin,
    ...(policy.policy !== undefined && {
      Policy: JSON.stringify(policy.policy),
    }),
    ...(description !== undefined && { Description: description }),
    Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({
      TagKey,
      TagValue,
    })),
  })
  const { KeyMetadata } = await untilHeard(() => client.send(command)).catch(
    (error) => {
      throw KeyPolicyRefusedError.from(error)
    },
  )
  if (KeyMetadata?.Arn === undefined)
    throw new Error("KMS's response to CreateKey doesn't contain a key.")
  return { ...KeyMetadata, Arn: KeyMetadata.Arn }
}

/** A throttled request was not executed, so it is safe to send it again. */
async function untilHeard<answer>(send: () => Promise<answer>) {
  for (let tries = 1; ; tries++)
    try {
      return await send()
    } catch (error) {
      if ((error as Error).name !== 'ThrottlingException' || tries >= 4)
        throw error
      await sleep(Math.random() * 250 * 2 ** tries)
    }
}

/**
 * Finishes a key that exists: sets its alias and its final policy. A new key
 * takes a few seconds to become visible everywhere; until then, "not found"
 * means nothing.
 */
export async function finishSigningKey(
  client: KMSClient,
  arn: string,
  { alias, policy }: { alias?: string | undefined; policy: ChosenPolicy },
): Promise<void> {
  const sdk = await import('@aws-sdk/client-kms')
  if (alias !== undefined) {
    await untilSettled(() =>
      client.send(
        new sdk.CreateAliasCommand({ AliasName: alias, TargetKeyId: arn }),
      ),
    )
  }
  // As soon as this command has answered, the key and its alias must be usable.
  await peek(() =>
    untilSettled(() =>
      client.send(new sdk.DescribeKeyCommand({ KeyId: alias ?? arn })),
    ),
  )
  if (policy.afterwards === undefined) return
  const read = async () => seen(await peek(() => readKeyPolicy(client, arn)))
  const before = await read()
  const Policy = JSON.stringify(policy.afterwards)
  await untilSettled(() =>
    client.send(
      new sdk.PutKeyPolicyCommand({
        KeyId: arn,
        PolicyName: 'default',
        Policy,
        BypassPolicyLockoutSafetyCheck: true,
      }),
    ),
  )
  // The policy also takes a moment to appear, and may then deny its creator the
  // right to read it.
  if (before !== undefined && before !== Policy) await untilOther(read, before)
}

/**
 * Waits until KMS returns the new policy instead of the old one, up to a time
 * limit.
 */
async function untilOther(
  read: () => Promise<string | undefined>,
  old: string,
): Promise<void> {
  const end = Date.now() + 20_000
  for (
    let waitMs = 100;
    Date.now() < end;
    waitMs = Math.min(2 * waitMs, 2_000)
  ) {
    if ((await read()) !== old) return
    await sleep(waitMs)
  }
}
