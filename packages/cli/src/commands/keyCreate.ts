import type { KMSClient } from '@aws-sdk/client-kms'
import { AwsCallError } from '../aws/AwsCallError.js'
import { connectKms } from '../aws/connectKms.js'
import { confirm } from '../confirm.js'
import { quote } from '../errors/maskSecrets.js'
import { InputError } from '../InputError.js'
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
    if (alias !== undefined) await assertFree(client, alias)
    await confirm(terminal, target, 'creates a key', options.yes)
    const { CreateAliasCommand, CreateKeyCommand } = await import(
      '@aws-sdk/client-kms'
    )
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        ...(options.description === undefined
          ? {}
          : { Description: options.description }),
      }),
    )
    if (KeyMetadata?.Arn === undefined)
      throw new Error('KMS answered CreateKey without a key.')
    if (alias !== undefined) {
      note(terminal, `Created ${KeyMetadata.Arn}, now naming it ${alias}.`)
      await client.send(
        new CreateAliasCommand({
          AliasName: alias,
          TargetKeyId: KeyMetadata.Arn,
        }),
      )
    }
    const data = await describeKey(client, KeyMetadata, alias)
    return { data, text: keyText(data) }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
  }
}

// Found out before a key is paid for. KMS decides in the end; who may not
// list goes on to there.
async function assertFree(client: KMSClient, alias: string): Promise<void> {
  const { paginateListAliases } = await import('@aws-sdk/client-kms')
  try {
    for await (const { Aliases } of paginateListAliases({ client }, {}))
      for (const { AliasName, TargetKeyId } of Aliases ?? [])
        if (AliasName === alias)
          throw new InputError(`${alias} is taken already.`, {
            details: `It names the key ${TargetKeyId}. No key was created; choose another --alias.`,
          })
  } catch (error) {
    if ((error as Error).name !== 'AccessDeniedException') throw error
  }
}

function toAlias(name: string): string {
  const alias = name.startsWith('alias/') ? name : `alias/${name}`
  if (/[0-9a-f]{64}/i.test(alias))
    throw new InputError(`--alias ${quote(name)} looks like a private key.`, {
      details:
        'Names are readable by many, and are in logs for years. No key was ' +
        'created; choose another name.',
    })
  if (/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(alias)) return alias
  throw new InputError(`--alias ${quote(name)} can't be an alias.`, {
    details:
      'Letters, digits, / _ and - are allowed, up to 250 of them; the names ' +
      'alias/aws/... are reserved.',
  })
}
