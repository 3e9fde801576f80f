import {
  Duration,
  aws_events as events,
  type aws_lambda as lambda,
  aws_events_targets as targets,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { SigningFunction } from './SigningFunction.js'

/** Lets the clock start a reconciler each minute, through its own alias. */
export function startEachMinute(
  scope: Construct,
  name: string,
  reconciler: SigningFunction,
): events.Rule {
  const clock = reconciler.addOwnAlias('clock', [])
  return new events.Rule(scope, 'Schedule', {
    description: `Starts ${name}`,
    schedule: events.Schedule.rate(Duration.minutes(1)),
    targets: [
      new targets.LambdaFunction(clock as lambda.IFunction, {
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    ],
  })
}
