import type { Io } from '../Io.js'
import { note } from '../Io.js'
import type { AwsConnection } from './connectAws.js'
import {
  type CreatedKey,
  createSigningKey,
  finishSigningKey,
  type NewSigningKey,
} from './createSigningKey.js'
import { findUnnamedKey } from './findUnnamedKey.js'
import { aliasTag } from './tags.js'

/**
 * Creates a key that signs and, with `alias`, its name. When the name can't be
 * had, the key stays, as KMS has no way to undo it at once; the same again
 * goes on with that key.
 *
 * @param confirm - Asked before a key is paid for, or named.
 * @throws InputError, KeyPolicyRefusedError, and what the SDK throws
 */
export async function createNamedKey(
  io: Pick<Io, 'notify'>,
  aws: AwsConnection,
  key: NewSigningKey & { alias?: string | undefined },
  confirm: () => Promise<void>,
): Promise<CreatedKey> {
  const { alias } = key
  const find = async () => {
    if (alias === undefined) return undefined
    const found = await findUnnamedKey(aws.kms, alias, key)
    if (found !== undefined)
      note(io, `Found ${found.Arn}, which an earlier run created for ${alias}.`)
    return found
  }
  const earlier = await find()
  await confirm()
  let created = earlier
  if (created === undefined)
    try {
      const tags = alias === undefined ? {} : { [aliasTag]: alias }
      created = await createSigningKey(aws, {
        ...key,
        tags: { ...key.tags, ...tags },
      })
    } catch (error) {
      // The answer may be lost, and the key made all the same.
      created = await find().catch(() => undefined)
      if (created === undefined) throw error
    }
  if (alias !== undefined && created !== earlier)
    note(io, `Created ${created.Arn}. Now giving it the alias ${alias}.`)
  await finishSigningKey(aws.kms, created.Arn, key)
  return created
}
