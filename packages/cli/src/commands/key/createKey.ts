import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { assertRoles, type GivenRoles } from '@keyward/iam/review'
import { note } from '@keyward/toolkit'
import { chooseKeyPolicy } from '@keyward/toolkit/access'
import {
  AwsCallError,
  connectAws,
  createNamedKey,
  describeKey,
  type KeyDescription,
  toAlias,
  toDescription,
  untilSettled,
} from '@keyward/toolkit/aws'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { keyText } from './showKey.js'

export type CreateKeyOptions = {
  alias?: string
  description?: string
  origin: 'AWS_KMS' | 'EXTERNAL'
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
  const { origin, description } = options
  const alias = options.alias === undefined ? undefined : toAlias(options.alias)
  assertRoles(options.given)
  const connection = await connectAws(terminal)
  const { kms, target, close } = connection
  try {
    const policy = await chooseKeyPolicy(connection, { ...options, alias })
    const created = await createNamedKey(
      terminal,
      connection,
      { origin, policy, alias, description },
      () =>
        terminal.confirm({ target, action: 'creates a key', yes: options.yes }),
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
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
  }
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
      `The key was created; its address can't be told: ${(error as Error).message}`,
    )
    return toDescription(metadata, alias, null)
  }
}
