import type { KMSClient } from '@aws-sdk/client-kms'
import { InputError } from '@keyward/core/errors'
import { isDenied } from './peek.js'

/**
 * The ids of the keys that have an alias.
 *
 * @throws InputError if a key already has this alias
 */
export async function listNamed(
  client: KMSClient,
  alias: string,
): Promise<Set<string>> {
  const { paginateListAliases } = await import('@aws-sdk/client-kms')
  const named = new Set<string>()
  for await (const { Aliases } of paginateListAliases({ client }, {}))
    for (const { AliasName, TargetKeyId } of Aliases ?? []) {
      if (AliasName === alias)
        throw new InputError(`${alias} is already taken.`, {
          details: `It belongs to the key ${TargetKeyId}. No key was created. Choose another --alias.`,
        })
      if (TargetKeyId !== undefined) named.add(TargetKeyId)
    }
  return named
}

/**
 * Checks that the alias is free before a key is created. KMS has the final say,
 * so the check passes for a caller who isn't allowed to list aliases.
 *
 * @throws InputError
 */
export async function assertAliasFree(
  client: KMSClient,
  alias: string,
): Promise<void> {
  await listNamed(client, alias).catch((error) => {
    if (!isDenied(error)) throw error
  })
}
