import type { KMSClient } from '@aws-sdk/client-kms'
import { AwsCallError } from '../aws/AwsCallError.js'
import { connectKms } from '../aws/connectKms.js'
import { type Result, toColumns } from '../output.js'
import type { Terminal } from '../Terminal.js'
import { describeKey, type KeyDescription } from './describeKey.js'

/** Tells what KMS knows about one key. */
export async function showKey(
  terminal: Terminal,
  keyId: string,
): Promise<Result<KeyDescription>> {
  const { client, close } = await connectKms(terminal, keyId)
  try {
    const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
    const { KeyMetadata } = await client.send(
      new DescribeKeyCommand({ KeyId: keyId }),
    )
    if (KeyMetadata === undefined)
      throw new Error('KMS answered DescribeKey without a key.')
    const alias =
      /(?:^|:)(alias\/.+)$/.exec(keyId)?.[1] ??
      (await firstAlias(client, KeyMetadata.Arn ?? keyId))
    const data = await describeKey(client, KeyMetadata, alias)
    return { data, text: keyText(data) }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
  }
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
    // A key user need not be allowed to list; the alias is no more than a name.
    if ((error as Error).name === 'AccessDeniedException') return undefined
    throw error
  }
}

/** A key for people. */
export function keyText(key: KeyDescription): string {
  return toColumns([
    ['key id', key.keyId],
    ['ARN', key.arn],
    ['alias', key.alias ?? undefined],
    ['description', key.description === '' ? undefined : key.description],
    ['state', key.state],
    ['origin', key.origin],
    ['key spec', key.keySpec],
    ['address', key.address ?? `none while the key is ${key.state}`],
  ])
}
