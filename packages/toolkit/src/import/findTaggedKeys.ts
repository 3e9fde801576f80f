import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { readTags } from '../aws/tags.js'
import { mapLimited } from '../mapLimited.js'
import { pluralize } from '../text/pluralize.js'
import type { Ceremony } from './Ceremony.js'
import { describe } from './describe.js'
import { callKms } from './ImportError.js'

/**
 * Finds all keys in the Region with this tag value, oldest first, so that
 * simultaneous searches choose the same key. Reports how many keys have tags
 * that the caller isn't allowed to read.
 *
 * @throws ImportError
 */
export async function findTaggedKeys(
  { client, say }: Ceremony,
  tag: { key: string; value: string },
): Promise<KeyMetadata[]> {
  const ids = await listKeyArns(client)
  if (ids.length > 50) say(`Looking for the key among ${ids.length} keys.`)
  let hidden = 0
  const tagged = await mapLimited(ids, async (keyId) => {
    const tags = await callKms(
      {
        client,
        keyId: undefined,
        doing: 'list the tags of a key',
        permission: 'kms:ListResourceTags',
      },
      () => readTags(client, keyId),
    )
    if (tags === undefined) hidden += 1
    const found = tags?.get(tag.key)?.toLowerCase() === tag.value.toLowerCase()
    return found ? describe(client, keyId) : undefined
  })
  if (hidden > 0)
    say(
      `Looking for an earlier import of this account: ${hidden} of ` +
        `${pluralize(ids.length, 'key')} can't be checked, because you may ` +
        'not read their tags (kms:ListResourceTags).',
    )
  return tagged.filter((key) => key !== undefined).sort(byAge)
}

async function listKeyArns(client: KMSClient): Promise<string[]> {
  const { paginateListKeys } = await import('@aws-sdk/client-kms')
  return callKms(
    {
      client,
      keyId: undefined,
      doing: 'list the keys',
      permission: 'kms:ListKeys',
      next: 'One of the keys might already belong to this address, and without the list a second key could be created. If the address already has a key, pass it with --key.',
    },
    async () => {
      const arns: string[] = []
      for await (const { Keys } of paginateListKeys({ client }, {}))
        for (const { KeyArn } of Keys ?? [])
          if (KeyArn !== undefined) arns.push(KeyArn)
      return arns
    },
  )
}

function byAge(a: KeyMetadata, b: KeyMetadata): number {
  const age = (key: KeyMetadata) => key.CreationDate?.getTime() ?? 0
  return age(a) - age(b) || ((a.KeyId ?? '') < (b.KeyId ?? '') ? -1 : 1)
}
