import type { Context } from './Context.js'

/**
 * One value of a function as a line of CloudWatch's embedded metric format.
 * Only what should wake somebody is written so: each metric costs by the hour
 * in which it is.
 */
export function toMetric(
  { invokedFunctionArn }: Pick<Context, 'invokedFunctionArn'>,
  name: 'Faults' | 'SkippedSeconds',
  value: number,
): string {
  return JSON.stringify({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: 'Keyward',
          Dimensions: [['FunctionName']],
          Metrics: [
            { Name: name, Unit: name === 'Faults' ? 'Count' : 'Seconds' },
          ],
        },
      ],
    },
    FunctionName: invokedFunctionArn.split(':')[6],
    [name]: value,
  })
}
