import { InputError } from '@keyward/core/errors'
import { Principals } from '@keyward/iam/principals'
import type { GivenRoles } from '@keyward/iam/review'
import { toRoleOrUser } from '@keyward/iam/review'
import { chooseKeyPolicy } from '../access/chooseKeyPolicy.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { createOnce } from './createOnce.js'

export type NewImportKey = {
  /**
   * The principals for each role; by default, the caller administers and
   * imports.
   */
  given: GivenRoles
  description: string
  tags: Readonly<Record<string, string>>
}

/**
 * Prepares a KMS key with origin EXTERNAL and the strict policy. Checks, as far
 * as possible in advance, that the caller can create it and import into it.
 *
 * @returns A function that creates the key, with its tags, in one request and
 * returns its ARN.
 * @throws InputError
 */
export async function prepareKey(
  aws: AwsConnection,
  { given, description, tags }: NewImportKey,
): Promise<() => Promise<string>> {
  const policy = await choosePolicy(aws, given)
  return () => createOnce(aws, { policy, description, tags })
}

/** Creates the policy for such a key. @throws InputError */
export async function strictPolicy(aws: AwsConnection, given: GivenRoles) {
  return (await choosePolicy(aws, given)).policy
}

async function choosePolicy(aws: AwsConnection, given: GivenRoles) {
  return chooseKeyPolicy(aws, {
    given: await withDefaults(aws, given),
    defaultPolicy: false,
    origin: 'EXTERNAL',
  })
}

async function withDefaults(
  aws: AwsConnection,
  given: GivenRoles,
): Promise<GivenRoles> {
  const callerArn = await aws.callerArn()
  const named = [...(given.administrators ?? []), ...(given.importers ?? [])]
  const you = toRoleOrUser(callerArn, named)
  const { administrators = [you], importers = [you] } = given
  if (!importers.includes(you))
    throw new InputError('You would not be able to import into the new key.', {
      details:
        `You are running this command as ${callerArn}. Add --importer ${you}, or let one of the ` +
        'importers create the key. No key was created.',
    })
  const others = aws.target.kind === 'local' ? await ofHome(aws, you) : {}
  return { ...others, ...given, administrators, importers }
}

/** Adds the local home's own roles, so that they can use keys created there. */
async function ofHome(aws: AwsConnection, you: string): Promise<GivenRoles> {
  const arn = (name: string) => Principals.toArn(name, aws.account)
  const users = [arn('user')].filter((user) => user !== you)
  return { users, breakGlass: [arn('break-glass')] }
}
