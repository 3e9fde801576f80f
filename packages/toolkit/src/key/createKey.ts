import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import type { GivenRoles } from '@keyward/iam/review'
import { assertRolesFit, chooseKeyPolicy } from '../access/chooseKeyPolicy.js'
import { createNamedKey } from '../aws/createNamedKey.js'
import {
  describeKey,
  type KeyDescription,
  toDescription,
} from '../aws/describeKey.js'
import { untilSettled } from '../aws/untilSettled.js'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import { reading } from '../reading.js'

export type CreateKeyOptions = {
  /** Including `alias/`. */
  alias: string | undefined
  description: string | undefined
  /** Who creates the private key. */
  origin: 'AWS_KMS' | 'EXTERNAL' | undefined
  /** The principals for each role. */
  given: GivenRoles
  /**
   * Whether to use KMS's default policy instead, which leaves everything to
   * IAM.
   */
  defaultPolicy: boolean
  yes: boolean
}

/**
 * Creates a key with the strict policy and, with `alias`, its alias. If the
 * alias can't be set, the key remains, because KMS can't delete it immediately.
 * The user has seen its id, and running the same command again continues with
 * that key.
 */
export async function createKey(
  io: Io,
  options: CreateKeyOptions,
): Promise<KeyDescription> {
  const { alias, description, yes } = options
  const { origin = 'AWS_KMS' } = options
  await reading(() => assertRolesFit({ ...options, origin }))
  return withAws(io, {}, async (connection) => {
    const { kms, target } = connection
    const policy = await chooseKeyPolicy(connection, { ...options, origin })
    const created = await createNamedKey(
      io,
      connection,
      { origin, policy, alias, description },
      () => io.confirm({ target, action: 'creates a key', yes }),
    )
    const data = await look(io, kms, created, alias)
    if (origin === 'EXTERNAL')
      note(
        io,
        'The key has no key material yet. To import a private key, run keyward key import.',
      )
    if (policy.policy === undefined)
      note(
        io,
        "The key has KMS's default policy, with which every principal can " +
          'sign if its IAM policy allows it. To see the weaknesses of the ' +
          `policy, run:\n  keyward access check --key ${alias ?? created.Arn}`,
      )
    return data
  })
}

/**
 * The key already exists, so it is not a failure if its creator can't describe
 * it.
 */
async function look(
  io: Io,
  client: KMSClient,
  metadata: KeyMetadata,
  alias: string | undefined,
): Promise<KeyDescription> {
  try {
    return await untilSettled(() => describeKey(client, metadata, alias))
  } catch (error) {
    note(
      io,
      `The key was created, but its address could not be read: ${(error as Error).message}`,
    )
    return toDescription(metadata, alias, null)
  }
}
