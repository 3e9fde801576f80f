import type { Target } from './Target.js'

/** An AWS CLI command that works with this target. */
export function awsCommand(target: Target, command: string): string {
  // Debian's aws ignores AWS_ENDPOINT_URL.
  const endpoint =
    target.kind === 'local' ? '--endpoint-url "$AWS_ENDPOINT_URL" ' : ''
  return `aws ${endpoint}${command}`
}
