import type { KMSClient } from '@aws-sdk/client-kms'

/** On keys that an import made: whose private key goes into it. */
export const addressTag = 'keyward:address'

/** On keys that were made for a name: the name, with `alias/`. */
export const aliasTag = 'keyward:alias'

/** On keys of restore drills, which may go at any time. */
export const drillTag = 'keyward:drill'

/** A key's tags; undefined when the caller may not read them. */
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
    // It was deleted since somebody listed it.
    if (name === 'NotFoundException') return new Map()
    throw error
  }
}
