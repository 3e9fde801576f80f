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
   * Who looks after the key: describe, enable, disable, tag, alias, cancel a
   * deletion, edit the policy. They can neither sign, grant nor delete.
   */
  readonly administrators: readonly KeyPrincipal[]
  /**
   * Who signs, beside the functions that are given the key.
   *
   * @default - nobody else
   */
  readonly users?: readonly KeyPrincipal[]
  /**
   * Roles of another stack's functions, or of a program with the library, that
   * sign while they count in that table: while their tag `keyward-guard` is
   * its ARN. The functions of a stack with `existingGuardTable` have the tag.
   *
   * @default - nobody
   */
  readonly guardedUsers?: readonly KeyPrincipal[]
  /**
   * ARN of the table where windows are counted.
   *
   * @default - none: `guardedUsers` are refused
   */
  readonly guardTableArn?: string
  /**
   * Who imports key material, for origin EXTERNAL.
   *
   * @default - nobody
   */
  readonly importers?: readonly KeyPrincipal[]
  /**
   * Who may schedule the deletion, disable the key, and delete imported
   * material: the role for emergencies and the end.
   *
   * @default - nobody
   */
  readonly breakGlass?: readonly KeyPrincipal[]
  /**
   * Who deploys the stack: may change the policy, tags and aliases; can
   * never sign.
   *
   * @default - the CloudFormation execution role of CDK's bootstrap
   */
  readonly deployers?: readonly KeyPrincipal[]
  /**
   * `AWS_KMS`: KMS makes the private key. `EXTERNAL`: its owner imports it
   * after the deployment; until then the key is pending import.
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
   * Smallest waiting period, in days, with which the key may be scheduled for
   * deletion; 7 to 30.
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
   * What becomes of the key when it leaves the stack. Destroying a key
   * destroys the account. With any other value the deployers may schedule its
   * deletion too, since CloudFormation acts as they.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy
  /**
   * Of the key, as the console shows it.
   *
   * @default - 'Ethereum account, signed for by <stack>'
   */
  readonly description?: string
}

/**
 * A secp256k1 key in KMS that signs and never leaves, with a policy that
 * parts administrators from users.
 */
export class SigningKey extends Construct {
  /**
   * The key, to refer to. Its policy is closed: `grant*` of it reach no
   * further than the grantee's own policy, and the key's policy refuses.
   */
  readonly key: kms.IKey
  readonly keyArn: string
  readonly keyId: string
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
        'guardedUsers: no table counts what they sign. Give a policy with windows, or leave them out.',
      )
    const importers = toArns('importers', props.importers ?? [])
    const breakGlass = toArns('breakGlass', props.breakGlass ?? [])
    const deployers = props.deployers
      ? toArns('deployers', props.deployers)
      : [executionRole(this)]
    this.#users = users
    this.#others = { administrators, importers, breakGlass, deployers }
    this.#assertUsers(users)
    if (administrators.length === 0)
      throw new Error(
        'administrators: name at least one IAM role; a key without administrators can be mended by the account root only.',
      )
    if (deployers.length === 0)
      throw new Error(
        'deployers: name at least one IAM role, the one that CloudFormation acts as. Without it AWS refuses to make the key, since its maker could not change the policy again.',
      )
    if (origin === 'AWS_KMS' && importers.length > 0)
      throw new Error(
        'importers: a key of origin AWS_KMS takes no import. Leave importers out, or set origin to EXTERNAL.',
      )
    if (
      !Number.isInteger(minimumDeletionWindowDays) ||
      minimumDeletionWindowDays < 7 ||
      minimumDeletionWindowDays > 30
    )
      throw new Error(
        `minimumDeletionWindowDays: ${minimumDeletionWindowDays} is not a whole number from 7 to 30.`,
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
    // When all is known that is given the key: also what comes after this.
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
    // The L2 construct has no property for it.
    if (origin === 'EXTERNAL') resource.origin = origin
    this.keyArn = key.keyArn
    this.keyId = key.keyId
    this.key = kms.Key.fromKeyArn(this, 'Reference', key.keyArn)
  }

  /**
   * Makes a role a user of the key: it may sign, and nothing else. The
   * role's own policy must not name the key in its definition.
   *
   * @throws Error when the role also administers, imports, destroys or deploys.
   */
  grantSign(role: iam.IRole): void {
    if (!Token.isUnresolved(role.roleArn))
      this.#assertUsers([toArn('grantSign', role)])
    this.#users.push(role.roleArn)
  }

  #assertUsers(users: readonly string[]): void {
    assertDisjoint(users, this.#others)
    // Which account and Region the default one is of is often not known.
    for (const arn of users)
      if (isExecutionRole(arn))
        throw new Error(
          `${arn} is in users, and is a role that CDK deploys as. Who deploys must not also sign: leave it out of users.`,
        )
  }
}

/** The role that CloudFormation acts as after `cdk bootstrap`. */
function executionRole(scope: Construct): string {
  const { synthesizer } = Stack.of(scope)
  const { cloudFormationExecutionRoleArn: arn } = synthesizer as {
    cloudFormationExecutionRoleArn?: string
  }
  if (arn === undefined)
    throw new Error(
      "deployers: required, since the stack is not deployed as the role of CDK's bootstrap. Name the role that deploys it.",
    )
  // It has placeholders such as ${AWS::AccountId} where the stack fits any.
  return arn.includes('${') ? Fn.sub(arn) : arn
}
