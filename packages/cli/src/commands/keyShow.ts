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
    const alias = /(?:^|:)(alias\/.+)$/.exec(keyId)?.[1]
    const data = await describeKey(client, KeyMetadata, alias)
    return { data, text: keyText(data) }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
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
