import type { Context } from './Context.js'

/**
 * One value as a line in CloudWatch's embedded metric format. Use it only for
 * values that should alert somebody, because CloudWatch bills each metric for
 * every hour with data.
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
