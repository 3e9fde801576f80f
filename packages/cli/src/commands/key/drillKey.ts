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
  wrapWith,
} from '@keyward/toolkit/import'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { type PrivateKeyOptions, withPrivateKey } from './withPrivateKey.js'

export type DrillOptions = PrivateKeyOptions &
  WrappingFlags & {
    /** The key that the backup is of. */
    key: string | undefined
    /** ARN of the role or user we are. */
    as: string | undefined
    yes: boolean
  }

/**
 * Proves that a backup brings the account back: restores it into a second KMS
 * key, compares, has it sign, and deletes it again.
 *
 * @throws as importKey does
 */
export function drillKey(
  terminal: Terminal,
  options: DrillOptions,
): Promise<Result<Drill>> {
  return withPrivateKey(terminal, options, options.key, async (opened) => {
    const { aws, ceremony, source } = opened
    const { address } = source
    if (options.key !== undefined) {
      const has = await addressOf(aws.kms, options.key)
      if (has !== address)
        throw new KeyNotImportableError(
          `The backup is not that of ${options.key}.`,
          `The key signs for ${has}, and the backup gives ${address}. Nothing was sent.`,
        )
      ceremony.say(`${options.key} signs for ${address} too.`)
    }
    const policy = await drillPolicy(aws, options.as)
    await terminal.confirm({
      target: ceremony.target,
      action:
        `creates a second KMS key, restores the private key of ${address} into ` +
        'it for some seconds, and schedules its deletion (a key costs 1 USD ' +
        'a month, reckoned by the hour, and none when it is to be deleted)',
      yes: options.yes,
    })
    const data = await runDrill(ceremony, {
      address,
      wrap: wrapWith(() => toPkcs8(source), toWrapping(options)),
      wrapping: toWrapping(options),
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
