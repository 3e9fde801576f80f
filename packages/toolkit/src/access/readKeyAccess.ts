import type { GrantListEntry, KMSClient } from '@aws-sdk/client-kms'
import { InputError, quote } from '@keyward/core/errors'
import { KeyFacts, KeyPolicy } from '@keyward/iam/review'
import { isEthereumKey } from '../aws/describeKey.js'
import { readKeyPolicy } from '../aws/readKeyPolicy.js'
import { readMetadata } from '../aws/readMetadata.js'

/** Everything that determines who can use a key. */
export type KeyAccess = {
  key: KeyFacts.KeyFacts
  /** KMS's term, e.g. `Enabled`. */
  state: string
  policyText: string
  policy: KeyPolicy.KeyPolicy
  /** Undefined if the caller isn't allowed to list them. */
  grants: readonly GrantListEntry[] | undefined
}

/**
 * Reads a key's policy and grants.
 *
 * @throws InputError if the key can't sign for Ethereum, and any SDK error
 */
export async function readKeyAccess(
  client: KMSClient,
  keyId: string,
): Promise<KeyAccess> {
  const KeyMetadata = await readMetadata(client, keyId)
  const { Arn: arn = keyId } = KeyMetadata
  if (!isEthereumKey(KeyMetadata))
    throw new InputError(
      `${quote(keyId)} is not a key that can sign for Ethereum.`,
      {
        details: `The key has the spec ${KeyMetadata.KeySpec} and the usage ${KeyMetadata.KeyUsage}, but this command needs a key with the spec ECC_SECG_P256K1 and the usage SIGN_VERIFY.`,
      },
    )
  const key = KeyFacts.fromArn(arn, {
    origin: KeyMetadata.Origin ?? 'AWS_KMS',
    multiRegion: KeyMetadata.MultiRegion === true,
  })
  const policyText = await readKeyPolicy(client, arn)
  return {
    ...{ key, state: KeyMetadata.KeyState ?? 'unknown', policyText },
    policy: KeyPolicy.parse(policyText),
    grants: await readGrants(client, arn),
  }
}

async function readGrants(
  client: KMSClient,
  keyArn: string,
): Promise<GrantListEntry[] | undefined> {
  const { paginateListGrants } = await import('@aws-sdk/client-kms')
  const grants: GrantListEntry[] = []
  try {
    for await (const page of paginateListGrants({ client }, { KeyId: keyArn }))
      grants.push(...(page.Grants ?? []))
    return grants
  } catch (error) {
    if ((error as Error).name === 'AccessDeniedException') return undefined
    throw error
  }
}
