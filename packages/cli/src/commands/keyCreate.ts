import { AwsCallError } from '../aws/AwsCallError.js'
import { connectKms } from '../aws/connectKms.js'
import {
  assertAliasFree,
  createSigningKey,
  toAlias,
} from '../aws/createSigningKey.js'
import { confirm } from '../confirm.js'
import type { Result } from '../output.js'
import { note, type Terminal } from '../Terminal.js'
import { describeKey, type KeyDescription } from './describeKey.js'
import { keyText } from './keyShow.js'

export type CreateKeyOptions = {
  alias?: string
  description?: string
  yes: boolean
}

/**
 * Creates a key and, with `alias`, its name. When the alias can't be had, the
 * key stays (KMS has no way to undo it at once) and the error names it.
 */
export async function createKey(
  terminal: Terminal,
  options: CreateKeyOptions,
): Promise<Result<KeyDescription>> {
  const alias = options.alias === undefined ? undefined : toAlias(options.alias)
  const { client, target, close } = await connectKms(terminal)
  try {
    if (alias !== undefined) await assertAliasFree(client, alias)
    await confirm(terminal, target, 'creates a key', options.yes)
    const { CreateAliasCommand } = await import('@aws-sdk/client-kms')
    const metadata = await createSigningKey(client, {
      origin: 'AWS_KMS',
      policy: undefined,
      description: options.description,
    })
    if (alias !== undefined) {
      note(terminal, `Created ${metadata.Arn}, now naming it ${alias}.`)
      await client.send(
        new CreateAliasCommand({
          AliasName: alias,
          TargetKeyId: metadata.Arn,
        }),
      )
    }
    const data = await describeKey(client, metadata, alias)
    return { data, text: keyText(data) }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
  }
}
