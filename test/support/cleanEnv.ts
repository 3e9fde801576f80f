import { strict } from './tools.js'

export type Ran = {
  /** null when a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
}

/** Nothing of the machine's own AWS settings may reach a test. */
export function cleanEnv(
  env: Record<string, string> = {},
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    // In soak, homes are as hard as AWS can be.
    ...(strict && { KEYWARD_AWS_STRICT: '1' }),
    ...env,
  }
}
