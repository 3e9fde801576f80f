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
 * Creates a signing key and, with `alias`, its alias. If the alias can't be
 * set, the key remains, because KMS can't delete it immediately; running the
 * same command again continues with that key.
 *
 * @param confirm - Called before a key is created or named.
 * @throws InputError, KeyPolicyRefusedError, and any SDK error
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
      // KMS may have created the key even if its answer was lost.
      created = await find().catch(() => undefined)
      if (created === undefined) throw error
    }
  if (alias !== undefined && created !== earlier)
    note(io, `Created ${created.Arn}. Setting the alias ${alias}.`)
  await finishSigningKey(aws.kms, created.Arn, key)
  return created
}
