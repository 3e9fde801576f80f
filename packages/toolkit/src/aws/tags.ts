import type { KMSClient } from '@aws-sdk/client-kms'

/**
 * Tag on keys created by an import: the address of the private key to import.
 */
export const addressTag = 'keyward:address'

/**
 * Tag on keys that were created for an alias: the alias, including `alias/`.
 */
export const aliasTag = 'keyward:alias'

/** Tag on the keys of restore drills, which can be deleted at any time. */
export const drillTag = 'keyward:drill'

/** A key's tags; undefined if the caller isn't allowed to read them. */
export async function readTags(
  client: KMSClient,
  keyId: string,
): Promise<Map<string, string> | undefined> {
  const { paginateListResourceTags } = await import('@aws-sdk/client-kms')
  const found = new Map<string, string>()
  try {
    for await (const { Tags } of paginateListResourceTags(
      { client },
      { KeyId: keyId },
    ))
      for (const { TagKey = '', TagValue = '' } of Tags ?? [])
        found.set(TagKey, TagValue)
    return found
  } catch (error) {
    const { name } = error as Error
    if (name === 'AccessDeniedException') return undefined
    // The key was deleted after it was listed.
    if (name === 'NotFoundException') return new Map()
    throw error
  }
}
