import { createHash } from 'node:crypto'
import type { Principal } from './Principal.js'

/** The caller's unique id, as in `aws:userid` and in STS's answers. */
export function toUserId({ arn, account, roleArn }: Principal): string {
  if (arn.endsWith(':root')) return account
  if (arn.includes(':user/')) return toUniqueId('AIDA', arn)
  if (arn.includes(':federated-user/')) return `${account}:${lastPart(arn)}`
  const role = roleArn ?? toRoleArn(arn)
  // A caller with a role's own credentials has a session without a name.
  return `${toUniqueId('AROA', role)}:${role === arn ? '' : lastPart(arn)}`
}

/** The role of a session, if it has no path; a role's own ARN unchanged. */
export function toRoleArn(arn: string): string {
  return arn.replace(
    /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/,
    'arn:$1:iam::$2:role/$3',
  )
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** A unique id in AWS's format, always the same for the same principal. */
function toUniqueId(prefix: string, arn: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const hash = createHash('sha256').update(arn).digest()
  return (
    prefix + Array.from(hash.subarray(0, 17), (b) => digits[b % 32]).join('')
  )
}
