import {
  assertDisjoint,
  isExecutionRole,
  keyPolicyDocument,
} from '@keyward/iam/key-policy'
import {
  Duration,
  Fn,
  aws_iam as iam,
  aws_kms as kms,
  Lazy,
  RemovalPolicy,
  Stack,
  Token,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { assertAlias } from './environment.js'
import { type KeyPrincipal, toArn, toArns } from './principals.js'

/** Properties of a {@link SigningKey}. Roles are IAM roles and users. */
export interface SigningKeyProps {
  /**
   * Roles that manage the key: describe, enable, disable, tag, alias, cancel a
   * deletion, edit the policy. They can't sign, grant or delete.
   */
  readonly administrators: readonly KeyPrincipal[]
  /**
   * Roles that sign, in addition to the functions that have the key.
   *
   * @default - nobody else
   */
  readonly users?: readonly KeyPrincipal[]
  /**
   * Roles of another stack's functions, or of a program that uses the library,
   * that may sign only while they count in `guardTableArn`, that is, while
   * their tag `keyward-guard` contains that ARN. The functions of a stack with
   * `existingGuardTable` have the tag.
   *
   * @default - nobody
   */
  readonly guardedUsers?: readonly KeyPrincipal[]
  /**
   * ARN of the table that counts the windows.
   *
   * @default - none; `guardedUsers` are refused
   */
  readonly guardTableArn?: string
  /**
   * Whether a policy guards the key. If so, only functions with a policy may be
   * granted the right to sign with it.
   *
   * @default false
   */
  readonly isGuarded?: boolean
  /**
   * Roles that import key material, for origin EXTERNAL.
   *
   * @default - nobody
   */
  readonly importers?: readonly KeyPrincipal[]
  /**
   * Roles that may schedule deletion, disable the key and delete imported
   * material, for emergencies and for the end of the key's life.
   *
   * @default - nobody
   */
  readonly breakGlass?: readonly KeyPrincipal[]
  /**
   * Roles that deploy the stack. They may change the policy, tags and aliases,
   * but can never sign.
   *
   * @default - the CloudFormation execution role of CDK's bootstrap
   */
  readonly deployers?: readonly KeyPrincipal[]
  /**
   * With `AWS_KMS`, KMS creates the private key. With `EXTERNAL`, its owner
   * imports it after the deployment; until then, the key is pending import.
   *
   * @default 'AWS_KMS'
   */
  readonly origin?: 'AWS_KMS' | 'EXTERNAL'
  /**
   * Name of the alias, with `alias/`.
   *
   * @default - no alias
   */
  readonly alias?: string
  /**
   * Shortest waiting period, in days, for scheduling the key's deletion; 7 to
   * 30.
   *
   * @default 30
   */
  readonly minimumDeletionWindowDays?: number
  /**
   * Whether imported material may (`any`), must (`required`) or must not
   * (`never`) expire.
   *
   * @default 'never'
   */
  readonly importExpiration?: 'never' | 'required' | 'any'
  /**
   * What happens to the key when it leaves the stack. Destroying a key destroys
   * the account. With any value except RETAIN, the deployers may also schedule
   * its deletion, because CloudFormation acts as them.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy
  /**
   * Description of the key, shown in the console.
   *
   * @default - 'Ethereum account, signed for by <stack>'
   */
  readonly description?: string
}

/**
 * A secp256k1 key that signs and never leaves KMS, with a policy that separates
 * administrators from users.
 */
export class SigningKey extends Construct {
  /**
   * The key, for references. Its policy is closed: the `grant*` methods change
   * only the grantee's own policy, and the key's policy still refuses the
   * grantee.
   */
  readonly key: kms.IKey
  readonly keyArn: string
  readonly keyId: string
  readonly #isGuarded: boolean
  readonly #users: string[]
  readonly #others: Readonly<Record<string, readonly string[]>>

  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    super(scope, id)
    const {
      minimumDeletionWindowDays = 30,
      importExpiration = 'never',
      origin = 'AWS_KMS',
      removalPolicy = RemovalPolicy.RETAIN,
    } = props
    const administrators = toArns('administrators', props.administrators)
    const guarded = toArns('guardedUsers', props.guardedUsers ?? [])
    const users = [...toArns('users', props.users ?? []), ...guarded]
    const { guardTableArn: table } = props
    if (guarded.length > 0 && table === undefined)
      throw new Error(
        'guardedUsers: there is no table that counts what these users sign. ' +
          'Set a policy with a spending window, or leave guardedUsers out.',
      )
    const importers = toArns('importers', props.importers ?? [])
    const breakGlass = toArns('breakGlass', props.breakGlass ?? [])
    const deployers = props.deployers
      ? toArns('deployers', props.deployers)
      : [executionRole(this)]
    this.#isGuarded = props.isGuarded === true
    this.#users = users
    this.#others = { administrators, importers, breakGlass, deployers }
    this.#assertUsers(users)
    if (administrators.length === 0)
      throw new Error(
        'administrators: specify at least one IAM role. Without administrators, ' +
          'only the root user of the AWS account can manage the key.',
      )
    if (deployers.length === 0)
      throw new Error(
        'deployers: specify at least one IAM role: the one that CloudFormation ' +
          'uses. Without this role, AWS refuses to create the key, because ' +
          "the creator couldn't change the key's policy later.",
      )
    if (origin === 'AWS_KMS' && importers.length > 0)
      throw new Error(
        "importers: you can't import key material into a key with the origin AWS_KMS. Leave " +
          'importers out, or set origin to EXTERNAL.',
      )
    if (
      !Number.isInteger(minimumDeletionWindowDays) ||
      minimumDeletionWindowDays < 7 ||
      minimumDeletionWindowDays > 30
    )
      throw new Error(
        `minimumDeletionWindowDays: ${minimumDeletionWindowDays} is not allowed. Allowed: a whole number of days from 7 to 30.`,
      )
    const key = new kms.Key(this, 'Key', {
      keySpec: kms.KeySpec.ECC_SECG_P256K1,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      description:
        props.description ??
        `Ethereum account, signed for by ${Stack.of(this).stackName}`,
      pendingWindow: Duration.days(30),
      removalPolicy,
      ...(props.alias !== undefined && { alias: assertAlias(props.alias) }),
    })
    const resource = key.node.defaultChild as kms.CfnKey
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in.
    const root = Fn.sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root')
    // Evaluated at the end, when all users of the key are known, including
    // those added later.
    resource.keyPolicy = Lazy.any({
      produce: () =>
        iam.PolicyDocument.fromJson(
          keyPolicyDocument(
            {
              administrators,
              users: this.#users,
              importers,
              breakGlass,
              deployers,
              ...(table !== undefined && {
                guarded: { users: guarded, table },
              }),
              goesWithStack: removalPolicy !== RemovalPolicy.RETAIN,
              minimumDeletionWindowDays,
              importExpiration,
            },
            root,
          ),
        ),
    })
    resource.multiRegion = false
    // The L2 construct has no property for the origin.
    if (origin === 'EXTERNAL') resource.origin = origin
    this.keyArn = key.keyArn
    this.keyId = key.keyId
    this.key = kms.Key.fromKeyArn(this, 'Reference', key.keyArn)
  }

  /**
   * Makes a role a user of the key, which may sign and nothing else. The
   * definition of the role's own policy must not refer to the key.
   *
   * @param options.hasPolicy - Whether the role's function checks a policy
   *   before it signs.
   * @throws Error if the role also administers, imports, destroys or deploys, or
   *   would bypass the policy that guards the key.
   */
  grantSign(
    role: iam.IRole,
    { hasPolicy = false }: { readonly hasPolicy?: boolean } = {},
  ): void {
    if (this.#isGuarded && !hasPolicy)
      throw new Error(
        `grantSign: a policy guards the key, but ${role.node.path} would bypass it. Give the function that uses this role a policy, or set unguardedUsers to true.`,
      )
    if (!Token.isUnresolved(role.roleArn))
      this.#assertUsers([toArn('grantSign', role)])
    this.#users.push(role.roleArn)
  }

  #assertUsers(users: readonly string[]): void {
    assertDisjoint(users, this.#others)
    // Compare these ARNs by pattern, because the account and Region of the
    // default role are often unknown.
    for (const arn of users)
      if (isExecutionRole(arn))
        throw new Error(
          `${arn} is in users, but the CDK deploys with this role. A role that deploys must not also sign. Leave the role out of users.`,
        )
  }
}

/** The role that `cdk bootstrap` creates for CloudFormation. */
function executionRole(scope: Construct): string {
  const { synthesizer } = Stack.of(scope)
  const { cloudFormationExecutionRoleArn: arn } = synthesizer as {
    cloudFormationExecutionRoleArn?: string
  }
  if (arn === undefined)
    throw new Error(
      'deployers: required, because the stack is not deployed with the role ' +
        'that cdk bootstrap creates. Specify the role that deploys the stack.',
    )
  // The ARN has placeholders such as ${AWS::AccountId} if the stack has no
  // fixed account and Region.
  return arn.includes('${') ? Fn.sub(arn) : arn
}
