import * as Caller from './Caller.js'

/**
 * The current caller's ARN as a key's policy writes it. A session's ARN lacks
 * the path of its role, which the policy includes.
 *
 * @param known - ARNs that the policy or the command line names.
 */
export function callerOf(
  callerArn: string,
  known: readonly string[],
): Caller.Caller | undefined {
  return Caller.named(toRoleOrUser(callerArn, known))
}

/** The ARN that names this caller in a policy. */
export function toRoleOrUser(
  callerArn: string,
  known: readonly string[],
): string {
  const match = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(
    callerArn,
  )
  const [, partition, account, role] = match ?? []
  if (role === undefined) return callerArn
  const start = `arn:${partition}:iam::${account}:role/`
  return (
    known.find((arn) => arn.startsWith(start) && arn.endsWith(`/${role}`)) ??
    `${start}${role}`
  )
}
