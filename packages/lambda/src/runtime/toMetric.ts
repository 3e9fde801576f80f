/**
 * One value of a function as a line of CloudWatch's embedded metric format.
 * Only what should wake somebody is written so: each metric costs by the hour
 * in which it is.
 */
export function toMetric(
  functionName: string | undefined,
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
    FunctionName: functionName,
    [name]: value,
  })
}
