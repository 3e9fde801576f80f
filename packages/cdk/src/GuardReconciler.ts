import {
  Duration,
  type aws_events as events,
  type aws_lambda as lambda,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { type KeyPrincipal, toArns } from './principals.js'
import { SigningFunction } from './SigningFunction.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'
import { startEachMinute } from './startEachMinute.js'

/** Properties of a {@link GuardReconciler}. */
export interface GuardReconcilerProps
  extends Omit<SigningFunctionProps, 'functionName' | 'signingKey'> {
  /** Prefix of the function's name, before `-reconciler`. */
  readonly name: string
  /**
   * Roles and users that may lift a halt, through the alias `admin`.
   *
   * @default - nobody, except by IAM policies elsewhere
   */
  readonly administrators?: readonly KeyPrincipal[]
}

/**
 * Maintains the windows of a stack that signs but doesn't send. The clock
 * starts it each minute. It has no key.
 *
 * A stack that sends has a {@link Sender} instead, whose reconciler has the
 * same name. This construct uses the ids of a sender's parts, so that
 * CloudFormation updates the function when a stack begins to send, instead of
 * creating a second one.
 */
export class GuardReconciler extends Construct {
  readonly reconciler: SigningFunction
  /** The alias through which administrators invoke the reconciler. */
  readonly admin: lambda.Alias
  /** The rule that starts the reconciler. */
  readonly clock: events.Rule

  constructor(scope: Construct, id: string, props: GuardReconcilerProps) {
    super(scope, id)
    const { name, invokers, reservedConcurrentExecutions, ...shared } = props
    const administrators = toArns('administrators', props.administrators ?? [])
    const functionName = `${name}-reconciler`
    this.reconciler = new SigningFunction(
      this,
      'Reconciler',
      {
        ...shared,
        functionName,
        // 0 stops everything; any other number limits only callers.
        ...(reservedConcurrentExecutions === 0 && {
          reservedConcurrentExecutions,
        }),
      },
      {
        kind: 'guard-reconciler',
        description: 'Compares the counted amounts with the signatures',
        timeout: Duration.minutes(2),
        isGuarded: true,
      },
    )
    this.admin = this.reconciler.addOwnAlias('admin', administrators)
    this.clock = startEachMinute(this, functionName, this.reconciler)
  }
}
