import type { KMSClient } from '@aws-sdk/client-kms'
import { describeKey, type KeyDescription } from '../aws/describeKey.js'
import { readMetadata } from '../aws/readMetadata.js'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import { pluralize } from '../text/pluralize.js'

/**
 * Reads what KMS knows about a key. If the key needs attention, a note says so.
 */
export function readKey(io: Io, keyId: string): Promise<KeyDescription> {
  return withAws(io, { keyId }, async ({ kms }) => {
    const metadata = await readMetadata(kms, keyId)
    const alias =
      /(?:^|:)(alias\/.+)$/.exec(keyId)?.[1] ??
      (await firstAlias(kms, metadata.Arn ?? keyId))
    const data = await describeKey(kms, metadata, alias)
    const warning = expiryWarning(data)
    if (warning !== undefined) note(io, warning)
    return data
  })
}

async function firstAlias(
  client: KMSClient,
  keyId: string,
): Promise<string | undefined> {
  const { ListAliasesCommand } = await import('@aws-sdk/client-kms')
  try {
    const { Aliases = [] } = await client.send(
      new ListAliasesCommand({ KeyId: keyId }),
    )
    return Aliases[0]?.AliasName
  } catch (error) {
    // A user of the key may lack permission to list aliases, and the alias is
    // only a name.
    if ((error as Error).name === 'AccessDeniedException') return undefined
    throw error
  }
}

const dayMs = 24 * 60 * 60 * 1000
const soonDays = 30

/** Says what to do about missing or expiring key material, if anything. */
function expiryWarning({
  arn,
  origin,
  state,
  validTo,
}: KeyDescription): string | undefined {
  if (state === 'PendingImport')
    return `The key has no material: either none has been imported yet, or the material expired or was deleted. To import the material, run keyward key import or reimport --key ${arn}.`
  if (origin !== 'EXTERNAL' || validTo === undefined) return undefined
  const days = Math.floor((Date.parse(validTo) - Date.now()) / dayMs)
  if (days >= soonDays) return undefined
  return `Warning: the key material expires in ${pluralize(days, 'day')}, at ${validTo}. After that, the key can't sign. To keep the key usable, import the same private key again: keyward key reimport --key ${arn} --in <key file or backup>`
}
