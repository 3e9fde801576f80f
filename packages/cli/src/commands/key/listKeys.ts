import type { KMSClient } from '@aws-sdk/client-kms'
import { mapLimited, note } from '@keyward/toolkit'
import {
  describeKey,
  isEthereumKey,
  type KeyDescription,
  peek,
  readMetadata,
  seen,
  withAws,
} from '@keyward/toolkit/aws'
import type { Result } from '../../output/Result.js'
import { toTable } from '../../output/toTable.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

/**
 * Lists the keys that sign for Ethereum, in KMS's order. Keys whose policy
 * hides them from the caller are counted on stderr.
 */
export function listKeys(
  terminal: Terminal,
): Promise<Result<{ keys: KeyDescription[] }>> {
  return withAws(terminal, {}, async ({ kms: client }) => {
    const sdk = await import('@aws-sdk/client-kms')
    const ids: string[] = []
    for await (const page of sdk.paginateListKeys({ client }, {}))
      for (const key of page.Keys ?? [])
        if (key.KeyArn !== undefined) ids.push(key.KeyArn)
    if (ids.length > 50) note(terminal, `Looking at ${ids.length} keys.`)
    const aliases = await readAliases(client)
    let hidden = 0
    const described = await mapLimited(ids, async (id) => {
      const metadata = seen(await peek(() => readMetadata(client, id)))
      if (metadata === undefined) hidden += 1
      if (metadata === undefined || !isEthereumKey(metadata)) return undefined
      return describeKey(client, metadata, aliases.get(metadata.KeyId ?? ''))
    })
    if (hidden > 0)
      note(terminal, `${hidden} more may not be described by this principal.`)
    const keys = described.filter((key) => key !== undefined)
    return { data: { keys }, text: listText(keys, terminal) }
  })
}

/** First alias by key id, in the order of their names. */
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

function listText(
  keys: readonly KeyDescription[],
  { stdout, env }: Terminal,
): string {
  if (keys.length === 0)
    return 'There is no secp256k1 signing key here. Create one: keyward key create'
  return toTable(
    [
      { header: 'ADDRESS' },
      { header: 'KEY', shorten: (id) => `${id.slice(0, 8)}…` },
      { header: 'ALIAS' },
    ],
    keys.map((key) => [
      key.address ?? `(${key.state})`,
      ...[key.keyId, key.alias ?? ''],
    ]),
    styleFor(stdout, env),
    stdout.columns,
  )
}
