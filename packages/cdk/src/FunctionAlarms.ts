import {
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_sns as sns,
  type aws_sqs as sqs,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'

/** Properties of {@link FunctionAlarms}. */
export interface FunctionAlarmsProps {
  /**
   * Topic for the messages. Its policy must let cloudwatch.amazonaws.com
   * publish.
   */
  readonly topic: sns.ITopic
  /** Names of all functions. */
  readonly functionNames: readonly string[]
  /**
   * Name of the function that the clock starts every minute.
   *
   * @default - none
   */
  readonly reconcilerName?: string
  /**
   * Queue that receives failed asynchronous requests.
   *
   * @default - none
   */
  readonly failures?: sqs.IQueue
}

/**
 * Raises an alarm if a function fails for a reason that its caller can't fix,
 * if the reconciler is silent or blocked, or if an asynchronous request fails.
 *
 * Refusals are not failures. But they are thrown, so Lambda's own metric
 * `Errors` counts them, and any caller could trigger an alarm on that metric.
 */
export class FunctionAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[]

  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id)
    const { topic, functionNames, reconcilerName, failures } = props
    const alarm = (
      name: string,
      alarmDescription: string,
      metric: cloudwatch.IMetric,
      threshold: cloudwatch.CreateAlarmOptions,
    ) => {
      const made = new cloudwatch.Alarm(this, name, {
        metric,
        alarmDescription,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        ...threshold,
      })
      const action = { bind: () => ({ alarmActionArn: topic.topicArn }) }
      made.addAlarmAction(action)
      made.addOkAction(action)
      return made
    }
    const of = (functionName: string, metricName: string, statistic: string) =>
      new cloudwatch.Metric({
        namespace: metricName === 'Invocations' ? 'AWS/Lambda' : 'Keyward',
        metricName,
        statistic,
        period: Duration.minutes(5),
        dimensionsMap: { FunctionName: functionName },
      })
    this.alarms = [
      ...functionNames.map((name, index) =>
        alarm(
          `Faults${index}`,
          `${name} failed, and not because of its caller`,
          of(name, 'Faults', 'Sum'),
          { threshold: 1, evaluationPeriods: 1 },
        ),
      ),
      ...(reconcilerName === undefined
        ? []
        : [
            alarm(
              'Silent',
              `${reconcilerName} has not been started for ten minutes`,
              of(reconcilerName, 'Invocations', 'Sum'),
              {
                threshold: 1,
                evaluationPeriods: 2,
                comparisonOperator:
                  cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
                treatMissingData: cloudwatch.TreatMissingData.BREACHING,
              },
            ),
          ]),
      // Only a function that sends has a lease.
      ...(reconcilerName === undefined || failures === undefined
        ? []
        : [
            alarm(
              'Skipped',
              `${reconcilerName} has been blocked for more than five minutes by a lease`,
              of(reconcilerName, 'SkippedSeconds', 'Maximum'),
              { threshold: 300, evaluationPeriods: 1 },
            ),
          ]),
      ...(failures === undefined
        ? []
        : [
            alarm(
              'Failures',
              'An asynchronous request was refused or failed',
              failures.metricApproximateNumberOfMessagesVisible(),
              { threshold: 1, evaluationPeriods: 1 },
            ),
          ]),
    ]
  }
}
