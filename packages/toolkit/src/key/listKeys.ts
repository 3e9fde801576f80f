import type { KMSClient } from '@aws-sdk/client-kms'
import {
  describeKey,
  isEthereumKey,
  type KeyDescription,
} from '../aws/describeKey.js'
import { peek, seen } from '../aws/peek.js'
import { readMetadata } from '../aws/readMetadata.js'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import { mapLimited } from '../mapLimited.js'

/**
 * Lists the keys that can sign for Ethereum, in KMS's order. A note says how
 * many keys the caller isn't allowed to see.
 */
export function listKeys(io: Io): Promise<KeyDescription[]> {
  return withAws(io, {}, async ({ kms: client }) => {
    const sdk = await import('@aws-sdk/client-kms')
    const ids: string[] = []
    for await (const page of sdk.paginateListKeys({ client }, {}))
      for (const key of page.Keys ?? [])
        if (key.KeyArn !== undefined) ids.push(key.KeyArn)
    if (ids.length > 50) note(io, `Reading ${ids.length} keys.`)
    const aliases = await readAliases(client)
    let hidden = 0
    const described = await mapLimited(ids, async (id) => {
      const metadata = seen(await peek(() => readMetadata(client, id)))
      if (metadata === undefined) hidden += 1
      if (metadata === undefined || !isEthereumKey(metadata)) return undefined
      return describeKey(client, metadata, aliases.get(metadata.KeyId ?? ''))
    })
    if (hidden > 0)
      note(io, `You have no permission to see ${hidden} of the keys.`)
    return described.filter((key) => key !== undefined)
  })
}

/** The first alias of each key id, in alphabetical order. */
async function readAliases(client: KMSClient): Promise<Map<string, string>> {
  const { paginateListAliases } = await import('@aws-sdk/client-kms')
  const found: [keyId: string, alias: string][] = []
  for await (const page of paginateListAliases({ client }, {}))
    for (const { AliasName, TargetKeyId } of page.Aliases ?? [])
      if (AliasName !== undefined && TargetKeyId !== undefined)
        found.push([TargetKeyId, AliasName])
  found.sort(([, a], [, b]) => (a < b ? 1 : -1))
  return new Map(found)
}
