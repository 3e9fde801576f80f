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
  /** With `alias/`. */
  alias: string | undefined
  description: string | undefined
  /** Who makes the private key. */
  origin: 'AWS_KMS' | 'EXTERNAL' | undefined
  /** Who may do what with it. */
  given: GivenRoles
  /** Take KMS's policy instead, which leaves all to IAM. */
  defaultPolicy: boolean
  yes: boolean
}

/**
 * Creates a key with the strict policy and, with `alias`, its name. When the
 * alias can't be had, the key stays (KMS has no way to undo it at once): it
 * was named to the user, and the same again goes on with it.
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
      note(io, 'It waits for its key material: keyward key import.')
    if (policy.policy === undefined)
      note(
        io,
        "It has KMS's default policy, which lets everybody sign whom IAM allows. keyward access plan shows the weaknesses.",
      )
    return data
  })
}

/** The key is made by now, so that its maker may not look at it is no failure. */
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
