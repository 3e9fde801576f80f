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
   * Where the messages go. Its policy must let cloudwatch.amazonaws.com
   * publish.
   */
  readonly topic: sns.ITopic
  /** Of all functions. */
  readonly functionNames: readonly string[]
  /**
   * Of the one that the clock starts each minute.
   *
   * @default - none
   */
  readonly reconcilerName?: string
  /**
   * Where asynchronous requests go that failed.
   *
   * @default - none
   */
  readonly failures?: sqs.IQueue
}

/**
 * Tells people when a function fails by what is not its caller's to mend, when
 * the reconciler is silent or kept from its work, and when an asynchronous
 * request came to nothing.
 *
 * Refusals are no faults. They are thrown, so that Lambda's own metric `Errors`
 * counts them: whoever may call could raise an alarm on that at will.
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
          `${name} failed, and not by its caller`,
          of(name, 'Faults', 'Sum'),
          { threshold: 1, evaluationPeriods: 1 },
        ),
      ),
      ...(reconcilerName === undefined
        ? []
        : [
            alarm(
              'Silent',
              `${reconcilerName} was not started for ten minutes`,
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
      // Only who sends has a lease.
      ...(reconcilerName === undefined || failures === undefined
        ? []
        : [
            alarm(
              'Skipped',
              `${reconcilerName} is kept from its work by a lease of more than five minutes`,
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
