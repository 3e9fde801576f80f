import { InputError } from '@keyward/core/errors'
import {
  isExecutionRole,
  type KeyPolicyDocument,
  type KeyRoles,
  keyPolicyDocument,
} from '@keyward/iam/key-policy'
import { Principals } from '@keyward/iam/principals'
import { assertRoles, type GivenRoles, toRoleOrUser } from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import { partitionOf } from '../aws/partitionOf.js'

/** The policy for a key that is about to be created. */
export type ChosenPolicy = {
  /**
   * Undefined for KMS's default policy, which leaves everything to IAM
   * policies.
   */
  policy: KeyPolicyDocument | undefined
  /**
   * Set once the key has its name, by a caller who thereby gives up the right
   * to change the policy. Until then, no one can sign. Used only in the local
   * home.
   */
  afterwards?: KeyPolicyDocument
}

type Origin = 'AWS_KMS' | 'EXTERNAL'

/**
 * Chooses the strict policy for the given roles. In the local home, the default
 * is the home's own roles. The caller must remain able to administer the key.
 *
 * @throws InputError, which says what to pass
 */
export async function chooseKeyPolicy(
  connection: AwsConnection,
  options: {
    given: GivenRoles
    defaultPolicy: boolean
    origin: Origin
    /** The alias that the key will get. */
    alias?: string | undefined
  },
): Promise<ChosenPolicy> {
  const { given, defaultPolicy, origin } = options
  assertRolesFit(options)
  const isGiven = Object.keys(given).length > 0
  if (defaultPolicy) return { policy: undefined }
  const callerArn = await connection.callerArn()
  const root = `arn:${partitionOf(connection.region)}:iam::${connection.account}:root`
  if (!isGiven && connection.target.kind === 'local')
    return forHome(connection.account, callerArn, origin, root)
  const roles = complete(given)
  assertNamed(roles, isGiven, callerArn)
  assertCallerStays(roles, callerArn, root, options.alias)
  return { policy: keyPolicyDocument(roles, root) }
}

/**
 * Checks as much about the roles as possible before the caller is known.
 *
 * @throws InputError, PolicyError
 */
export function assertRolesFit({
  given,
  defaultPolicy,
  origin,
}: {
  given: GivenRoles
  defaultPolicy: boolean
  origin: Origin
}): void {
  if (defaultPolicy && Object.keys(given).length > 0)
    throw new InputError("--default-policy can't be combined with roles.", {
      details:
        "KMS's default policy doesn't name roles and leaves all permissions " +
        'to IAM policies. Leave out either --default-policy or the flags ' +
        'that name roles.',
    })
  assertRoles(given)
  for (const arn of given.users ?? [])
    if (isExecutionRole(arn))
      throw new InputError(`--user ${arn} is not allowed.`, {
        details:
          'The CDK deploys with this role, and a role that deploys must not also sign. Pass a different role or user.',
      })
  if (origin === 'AWS_KMS' && (given.importers ?? []).length > 0)
    throw new InputError('--importer needs --origin EXTERNAL.', {
      details:
        'Nothing can be imported into a key that KMS generates. Leave out ' +
        '--importer, or add --origin EXTERNAL.',
    })
}

function complete(given: GivenRoles): KeyRoles {
  return {
    administrators: [],
    users: [],
    importers: [],
    breakGlass: [],
    deployers: [],
    goesWithStack: false,
    minimumDeletionWindowDays: 30,
    importExpiration: 'never',
    ...given,
  }
}

function assertNamed(
  { administrators }: KeyRoles,
  isGiven: boolean,
  callerArn: string,
): void {
  if (administrators.length > 0) return
  const you = toRoleOrUser(callerArn, [])
  throw new InputError(
    isGiven
      ? 'The key would have no administrator.'
      : 'No roles were given for the new key.',
    {
      details:
        `You are running this command as ${you}. Pass --admin (administers the key and never signs) ` +
        'and --user (can only sign), each with ARNs of IAM roles or users. If ' +
        'you have such roles, also pass --break-glass, --importer and ' +
        "--deployer. With --default-policy, the key gets KMS's default policy " +
        'instead, under which every principal can sign if its IAM policy ' +
        'allows it. No key was created.',
    },
  )
}

/**
 * Checks that the caller can still change the policy. Root always can: every
 * strict policy allows it kms:PutKeyPolicy.
 */
function assertCallerStays(
  { administrators, deployers }: KeyRoles,
  callerArn: string,
  root: string,
  alias: string | undefined,
): void {
  if (callerArn === root && alias !== undefined)
    throw new InputError(
      "The AWS account's root user can't give the key an alias.",
      {
        details:
          'Under the strict policy, root can only change the policy. Create ' +
          `the key as ${administrators[0]}, or leave out --alias. No key was ` +
          'created.',
      },
    )
  const named = [...administrators, ...deployers]
  const you = toRoleOrUser(callerArn, named)
  if (callerArn === root || named.includes(you)) return
  throw new InputError('You would not be able to administer the new key.', {
    details:
      `You are running this command as ${callerArn}, and KMS refuses a policy that the key's creator ` +
      `could not change later. Add --admin ${you} or --deployer ${you}, or ` +
      `create the key as ${administrators[0]}. No key was created.`,
  })
}

/** The policy for the roles that every home has. */
async function forHome(
  account: string,
  callerArn: string,
  origin: Origin,
  root: string,
): Promise<ChosenPolicy> {
  const arn = (name: string) => Principals.toArn(name, account)
  const users = [arn('user')]
  const importers = origin === 'EXTERNAL' ? [arn('importer')] : []
  const breakGlass = [arn('break-glass')]
  const you = toRoleOrUser(callerArn, [])
  const handsOver = users.includes(you) || you === root
  const known = [root, ...users, ...importers, ...breakGlass]
  const administrators = [
    ...new Set([
      ...[arn('admin'), arn('operator')],
      ...(known.includes(you) ? [] : [you]),
    ]),
  ]
  const roles = complete({ administrators, users, importers, breakGlass })
  const policy = keyPolicyDocument(roles, root)
  if (!handsOver) return { policy }
  // The home's key user creates keys but afterwards only uses them. As a
  // deployer, this user gives the key its alias, and then gives up that right.
  const naming = keyPolicyDocument(
    { ...roles, users: [], deployers: [you] },
    root,
  )
  return {
    policy: {
      ...naming,
      // This statement would prevent giving up the right.
      Statement: naming.Statement.filter(({ Sid }) => Sid !== 'NoLockout'),
    },
    afterwards: policy,
  }
}
