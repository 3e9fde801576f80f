import type { Target } from './Target.js'

/** A command of AWS's own tool, as it works with this target. */
export function awsKms(target: Target, command: string): string {
  // Debian's aws doesn't read AWS_ENDPOINT_URL.
  const endpoint =
    target.kind === 'local' ? '--endpoint-url "$AWS_ENDPOINT_URL" ' : ''
  return `aws ${endpoint}kms ${command}`
}
