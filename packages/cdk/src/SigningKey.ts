import {
  Aws,
  Duration,
  type aws_iam as iam,
  aws_kms as kms,
  Lazy,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { keyPolicy } from './keyPolicy.js'
import { assertDisjoint, assertPrincipals } from './principals.js'

/** Properties of a {@link SigningKey}. ARNs are of IAM roles or users. */
export interface SigningKeyProps {
  /**
   * Who looks after the key: describe, enable, disable, tag, alias, cancel a
   * deletion, edit the policy. They can neither sign, grant nor delete.
   */
  readonly administrators: readonly string[]
  /**
   * Who signs, beside the functions that are given the key.
   *
   * @default - nobody else
   */
  readonly users?: readonly string[]
  /**
   * Who imports key material, for origin EXTERNAL.
   *
   * @default - nobody
   */
  readonly importers?: readonly string[]
  /**
   * Who may schedule the deletion, disable the key, and delete imported
   * material: the role for emergencies and the end.
   *
   * @default - nobody
   */
  readonly breakGlass?: readonly string[]
  /**
   * Who deploys the stack: may change the policy, tags and aliases; can
   * never sign.
   *
   * @default - the CloudFormation execution role of CDK's bootstrap
   */
  readonly deployers?: readonly string[]
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
   * Whether imported material may, must or must not have an end.
   *
   * @default 'never'
   */
  readonly importExpiration?: 'never' | 'required' | 'any'
  /**
   * What becomes of the key when it leaves the stack. Destroying a key
   * destroys the account.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy
  /**
   * @default - 'Ethereum account, signed for by <stack>'
   */
  readonly description?: string
}

/**
 * A secp256k1 key in KMS that signs and never leaves, with a policy that
 * parts administrators from users.
 */
export class SigningKey extends Construct {
  /** The key. */
  readonly key: kms.Key
  readonly #users: string[]

  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    super(scope, id)
    const {
      administrators,
      users = [],
      importers = [],
      breakGlass = [],
      minimumDeletionWindowDays = 30,
      importExpiration = 'never',
      origin = 'AWS_KMS',
      removalPolicy = RemovalPolicy.RETAIN,
    } = props
    if (administrators.length === 0)
      throw new Error(
        'administrators: name at least one IAM role; a key without administrators can be mended by the account root only.',
      )
    for (const [name, arns] of Object.entries({
      administrators,
      users,
      importers,
      breakGlass,
      deployers: props.deployers ?? [],
    }))
      assertPrincipals(name, arns)
    assertDisjoint(users, {
      administrators,
      importers,
      breakGlass,
      deployers: props.deployers ?? [],
    })
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
    const stack = Stack.of(this)
    this.#users = [...users]
    this.key = new kms.Key(this, 'Key', {
      keySpec: kms.KeySpec.ECC_SECG_P256K1,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      description:
        props.description ??
        `Ethereum account, signed for by ${stack.stackName}`,
      pendingWindow: Duration.days(30),
      removalPolicy,
      ...(props.alias !== undefined && { alias: props.alias }),
    })
    const resource = this.key.node.defaultChild as kms.CfnKey
    resource.keyPolicy = Lazy.any({
      produce: () =>
        keyPolicy(this, {
          administrators,
          users: this.#users,
          importers,
          breakGlass,
          deployers: props.deployers ?? [bootstrapRole(this)],
          minimumDeletionWindowDays,
          importExpiration,
        }),
    })
    resource.multiRegion = false
    // The L2 construct has no property for it.
    if (origin === 'EXTERNAL') resource.origin = origin
  }

  /**
   * Makes a role of this stack a user of the key: it may sign, and nothing
   * else. The role's own policy must not name the key in its definition.
   */
  grantSign(role: iam.IRole): void {
    this.#users.push(role.roleArn)
  }
}

/** The role that CloudFormation uses after `cdk bootstrap`. */
function bootstrapRole(scope: Construct): string {
  const { account, region } = Stack.of(scope)
  return `arn:${Aws.PARTITION}:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`
}
