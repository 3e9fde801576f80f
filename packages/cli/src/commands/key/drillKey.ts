import { InputError, quote } from '@keyward/core/errors'
import {
  isUserOrRole,
  type KeyRoles,
  keyPolicyDocument,
} from '@keyward/iam/key-policy'
import { toRoleOrUser } from '@keyward/iam/review'
import { toPkcs8 } from '@keyward/keyfile'
import { toColumns } from '@keyward/toolkit'
import type { AwsConnection } from '@keyward/toolkit/aws'
import { addressOf } from '@keyward/toolkit/aws'
import {
  createOnce,
  type Drill,
  drillTag,
  KeyNotImportableError,
  runDrill,
  toWrapping,
  type WrappingFlags,
} from '@keyward/toolkit/import'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { type PrivateKeyFlags, withPrivateKey } from './withPrivateKey.js'

export type DrillFlags = Omit<PrivateKeyFlags, 'shred'> &
  WrappingFlags & {
    /** The key that the backup is of. */
    key?: string
    /** ARN of the role or user we are. */
    as?: string
    yes?: true
    json?: true
  }

/**
 * Proves that a backup brings the account back: restores it into a second KMS
 * key, compares, has it sign, and deletes it again.
 *
 * @throws as importKey does
 */
export async function drillKey(
  terminal: Terminal,
  flags: DrillFlags,
): Promise<Result<Drill>> {
  // The account would stand in for what is no role.
  if (flags.as !== undefined && !isUserOrRole(flags.as))
    throw new InputError(`--as ${quote(flags.as)} is not a role or user.`, {
      details:
        'Allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ops.',
    })
  return withPrivateKey(terminal, flags, flags.key, async (opened) => {
    const { aws, ceremony, source } = opened
    const { address } = source
    if (flags.key !== undefined) {
      const has = await addressOf(aws.kms, flags.key)
      if (has !== address)
        throw new KeyNotImportableError(
          `The backup is not that of ${flags.key}.`,
          `The key signs for ${has}, and the backup gives ${address}. Nothing was sent.`,
        )
      ceremony.say(`${flags.key} signs for ${address} too.`)
    }
    const policy = await drillPolicy(aws, flags.as)
    await terminal.confirm({
      target: ceremony.target,
      action:
        `creates a second KMS key, restores the private key of ${address} into ` +
        'it for some seconds, and schedules its deletion (a key costs 1 USD ' +
        'a month, reckoned by the hour, and none when it is to be deleted)',
      yes: flags.yes === true,
    })
    const data = await runDrill(ceremony, {
      address,
      toPkcs8: () => toPkcs8(source),
      wrapping: toWrapping(flags),
      make: () =>
        createOnce(aws, {
          policy: { policy },
          description: `Restore drill of ${address}: to be deleted`,
          tags: { [drillTag]: address },
        }),
    })
    return { data, text: drillText(data) }
  })
}

/** We alone may use the second key, and do all with it. */
async function drillPolicy(aws: AwsConnection, as: string | undefined) {
  const callerArn = await aws.callerArn()
  const you = as ?? toRoleOrUser(callerArn, [])
  const [, partition] = callerArn.split(':')
  const root = `arn:${partition}:iam::${aws.account}:root`
  const names = isUserOrRole(you) ? [you] : [root]
  const roles: KeyRoles = {
    administrators: names,
    users: names,
    importers: names,
    breakGlass: names,
    deployers: [],
    goesWithStack: false,
    minimumDeletionWindowDays: 7,
    importExpiration: 'never',
  }
  return keyPolicyDocument(roles, root)
}

function drillText(drill: Drill): string {
  return toColumns([
    ['address', `${drill.address}, restored`],
    ['signed', drill.challengeSigned ? 'yes' : 'no: kms:Sign is not allowed'],
    ['drill key', drill.keyArn],
    ['deleted on', drill.deletionDate?.slice(0, 10)],
  ])
}
