import { checkCall, type WireCall } from './checkCall.js'

/**
 * Members that are newer than the models are here: of the AWS SDK, whose client
 * has them, in calls of the CDK's own.
 */
const newer = ['cloudformation:CreateChangeSet .DeploymentConfig is not known']

/** What of recorded calls is not as AWS's models have it, each kind once. */
export function findViolations(calls: readonly WireCall[]) {
  const operations = new Set<string>()
  const violations = new Set<string>()
  for (const call of calls) {
    const found = checkCall(call)
    operations.add(found.operation)
    for (const each of found.violations)
      violations.add(`${found.operation} ${each}`)
  }
  return {
    operations: [...operations].sort(),
    violations: [...violations].filter((each) => !newer.includes(each)).sort(),
  }
}
