import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import type { GivenRoles } from '@keyward/iam/review'
import { note } from '@keyward/toolkit'
import { assertRolesFit, chooseKeyPolicy } from '@keyward/toolkit/access'
import {
  createNamedKey,
  describeKey,
  type KeyDescription,
  toDescription,
  untilSettled,
  withAws,
} from '@keyward/toolkit/aws'
import type { Result } from '../../output/Result.js'
import type { Origin } from '../../program/originInput.js'
import { reading } from '../../program/reading.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { keyText } from './showKey.js'

export type CreateKeyOptions = {
  /** With `alias/`. */
  alias: string | undefined
  description: string | undefined
  /** Who makes the private key. */
  origin: Origin | undefined
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
  terminal: Terminal,
  options: CreateKeyOptions,
): Promise<Result<KeyDescription>> {
  const { alias, description, yes } = options
  const { origin = 'AWS_KMS' } = options
  await reading(() => assertRolesFit({ ...options, origin }))
  return withAws(terminal, {}, async (connection) => {
    const { kms, target } = connection
    const policy = await chooseKeyPolicy(connection, { ...options, origin })
    const created = await createNamedKey(
      terminal,
      connection,
      { origin, policy, alias, description },
      () => terminal.confirm({ target, action: 'creates a key', yes }),
    )
    const data = await look(terminal, kms, created, alias)
    if (origin === 'EXTERNAL')
      note(terminal, 'It waits for its key material: keyward key import.')
    if (policy.policy === undefined)
      note(
        terminal,
        "It has KMS's default policy: whoever IAM allows may sign. keyward access plan shows what is weak in that.",
      )
    return { data, text: keyText(data) }
  })
}

/** The key is made by now, so that its maker may not look at it is no failure. */
async function look(
  terminal: Terminal,
  client: KMSClient,
  metadata: KeyMetadata,
  alias: string | undefined,
): Promise<KeyDescription> {
  try {
    return await untilSettled(() => describeKey(client, metadata, alias))
  } catch (error) {
    note(
      terminal,
      `The key was created; its address could not be read: ${(error as Error).message}`,
    )
    return toDescription(metadata, alias, null)
  }
}
