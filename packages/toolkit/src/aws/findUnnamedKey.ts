import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { InputError } from '@keyward/core/errors'
import { mapLimited } from '../mapLimited.js'
import type { CreatedKey, NewSigningKey } from './createSigningKey.js'
import { listNamed } from './listNamed.js'
import { isDenied } from './peek.js'
import { readKeyPolicy } from './readKeyPolicy.js'
import { aliasTag, readTags } from './tags.js'

/**
 * An older key is ignored: it once had the alias, and someone removed it on
 * purpose.
 */
const maxAgeMs = 24 * 60 * 60_000

/**
 * Finds, by its tag, a key that an earlier run created but could not give its
 * alias, so that running again continues with that key instead of paying for a
 * second one. Runs before a key is created. KMS has the final say, so the check
 * passes for a caller who isn't allowed to list keys.
 *
 * @returns Undefined if there is none.
 * @throws InputError if the name is taken, or if the key has another origin or
 * policy
 */
export async function findUnnamedKey(
  client: KMSClient,
  alias: string,
  wanted: NewSigningKey,
): Promise<CreatedKey | undefined> {
  try {
    const named = await listNamed(client, alias)
    const keys = (await listKeyIds(client)).filter((id) => !named.has(id))
    const found = await mapLimited(keys, async (keyId) => {
      const tags = await readTags(client, keyId)
      return tags?.get(aliasTag) === alias ? describe(client, keyId) : undefined
    })
    const [oldest] = found
      .filter((key) => key !== undefined)
      .filter(isYoungAndAlive)
      .sort((a, b) => createdAt(a) - createdAt(b))
    if (oldest !== undefined) await assertAsWanted(client, oldest, wanted)
    return oldest
  } catch (error) {
    if (isDenied(error)) return undefined
    throw error
  }
}

async function listKeyIds(client: KMSClient): Promise<string[]> {
  const { paginateListKeys } = await import('@aws-sdk/client-kms')
  const ids: string[] = []
  for await (const { Keys } of paginateListKeys({ client }, {}))
    for (const { KeyId } of Keys ?? []) if (KeyId !== undefined) ids.push(KeyId)
  return ids
}

async function describe(
  client: KMSClient,
  keyId: string,
): Promise<CreatedKey | undefined> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
  const { KeyMetadata } = await client.send(
    new DescribeKeyCommand({ KeyId: keyId }),
  )
  const { Arn } = KeyMetadata ?? {}
  return Arn === undefined ? undefined : { ...KeyMetadata, KeyId: keyId, Arn }
}

async function assertAsWanted(
  client: KMSClient,
  { Arn, Origin }: CreatedKey,
  { origin, policy }: NewSigningKey,
): Promise<void> {
  const current = await readKeyPolicy(client, Arn)
  const isSame =
    Origin === origin &&
    (policy.policy === undefined
      ? /"key-default-/.test(current)
      : canonical(current) === canonical(JSON.stringify(policy.policy)))
  if (isSame) return
  throw new InputError(
    'An earlier run created a different key for this alias.',
    {
      details:
        `That key is ${Arn}. It has no alias yet, and its origin or policy ` +
        'differs from the one that you requested now. Request the same key ' +
        'as before, or delete that key first: keyward key schedule-deletion ' +
        `${Arn}. No key was created.`,
    },
  )
}

/** Returns the same text for policies that mean the same. */
function canonical(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value,
  )
}

function isYoungAndAlive(key: KeyMetadata): boolean {
  return (
    key.KeyState !== 'PendingDeletion' && Date.now() - createdAt(key) < maxAgeMs
  )
}

/** Creation time, in ms since 1970. */
function createdAt({ CreationDate }: KeyMetadata): number {
  return CreationDate?.getTime() ?? 0
}
