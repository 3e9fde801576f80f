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
  /** The function is this with `-reconciler`. */
  readonly name: string
  /**
   * Roles and users that may lift a halt: through the alias `admin`.
   *
   * @default - nobody, except by IAM policies elsewhere
   */
  readonly administrators?: readonly KeyPrincipal[]
}

/**
 * Looks after the windows of a stack that signs and does not send: the clock
 * starts it each minute. It has no key.
 *
 * A stack that begins to send has a {@link Sender} in its place, whose
 * reconciler has the same name: with the id and the parts of a sender,
 * CloudFormation changes the function, and does not make a second one.
 */
export class GuardReconciler extends Construct {
  readonly reconciler: SigningFunction
  /** The reconciler as its administrators invoke it. */
  readonly admin: lambda.Alias
  /** Starts the reconciler. */
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
        // 0 stops all; any other figure is about callers.
        ...(reservedConcurrentExecutions === 0 && {
          reservedConcurrentExecutions,
        }),
      },
      {
        kind: 'guard-reconciler',
        description: 'Compares what was counted with what was signed',
        timeout: Duration.minutes(2),
        isGuarded: true,
      },
    )
    this.admin = this.reconciler.addOwnAlias('admin', administrators)
    this.clock = startEachMinute(this, functionName, this.reconciler)
  }
}
