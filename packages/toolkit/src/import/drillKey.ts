import {
  isUserOrRole,
  type KeyRoles,
  keyPolicyDocument,
} from '@keyward/iam/key-policy'
import { toRoleOrUser } from '@keyward/iam/review'
import { toPkcs8 } from '@keyward/keyfile'
import type { AwsConnection } from '../aws/connectAws.js'
import { addressOf } from '../aws/describeKey.js'
import { drillTag } from '../aws/tags.js'
import type { Io } from '../Io.js'
import { createOnce } from './createOnce.js'
import { KeyNotImportableError } from './findImportKey.js'
import { type Drill, runDrill } from './runDrill.js'
import { toWrapping, type WrappingFlags } from './toWrapping.js'
import { type PrivateKeyOptions, withPrivateKey } from './withPrivateKey.js'
import { wrapWith } from './wrapKeyMaterial.js'

export type DrillChoices = PrivateKeyOptions &
  WrappingFlags & {
    /** The key that was backed up. */
    key: string | undefined
    /** ARN of the caller's role or user. */
    as: string | undefined
    yes: boolean
  }

/**
 * Proves that a backup restores the account: imports the backup into a second
 * KMS key, compares the address, signs, and deletes that key again.
 *
 * @throws the same errors as importKey
 */
export function drillKey(io: Io, options: DrillChoices): Promise<Drill> {
  return withPrivateKey(io, options, options.key, async (opened) => {
    const { aws, ceremony, source } = opened
    const { address } = source
    if (options.key !== undefined) {
      const has = await addressOf(aws.kms, options.key)
      if (has !== address)
        throw new KeyNotImportableError(
          `The backup is not for the key ${options.key}.`,
          `The key signs for ${has}, but the backup is for ${address}. Nothing was sent. Pass the backup of this key, or correct --key.`,
        )
      ceremony.say(`${options.key} also signs for ${address}.`)
    }
    const policy = await drillPolicy(aws, options.as)
    await io.confirm({
      target: ceremony.target,
      action:
        `creates a second KMS key, restores the private key of ${address} ` +
        'into it for a few seconds, and schedules its deletion (a key costs ' +
        '1 USD a month, billed by the hour, and nothing while its deletion ' +
        'is pending)',
      yes: options.yes,
    })
    return runDrill(ceremony, {
      address,
      wrap: wrapWith(() => toPkcs8(source), toWrapping(options)),
      wrapping: toWrapping(options),
      make: () =>
        createOnce(aws, {
          policy: { policy },
          description: `Restore drill for ${address}, to be deleted`,
          tags: { [drillTag]: address },
        }),
    })
  })
}

/** Only the caller can use the second key, with full rights. */
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
