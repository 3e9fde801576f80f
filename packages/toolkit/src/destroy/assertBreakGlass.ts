import { InputError, quote } from '@keyward/core/errors'
import { toRoleOrUser } from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import type { Plan } from './Plan.js'

/**
 * Checks that the profile belongs to a principal that is allowed to delete the
 * key. Otherwise the stack would be deleted and the key would remain.
 *
 * @throws InputError
 */
export async function assertBreakGlass(
  connection: Pick<AwsConnection, 'callerArn' | 'target'>,
  profile: string,
  { stack, keys, breakGlass }: Plan,
): Promise<void> {
  const isNeeded = keys.some(
    ({ fate, state }) =>
      fate === 'schedule' && state?.state !== 'PendingDeletion',
  )
  if (!isNeeded || breakGlass.length === 0) return
  const caller = toRoleOrUser(await connection.callerArn(), breakGlass)
  if (breakGlass.includes(caller)) return
  const howAtHome =
    connection.target.kind === 'local'
      ? ' keyward env --profiles writes a profile for each role, with the name of the role.'
      : ''
  throw new InputError(
    `--break-glass-profile ${quote(profile)} is ${caller}, which is not allowed to delete the key of ${stack}.`,
    {
      details: `Nothing was done. In the stack's template, the key's policy allows only ${breakGlass.join(', ')}. Pass a profile for that role.${howAtHome}`,
    },
  )
}
