import { InputError, quote } from '@keyward/core/errors'
import { AwsCallError } from '../aws/AwsCallError.js'
import { type AwsConnection, connectAws } from '../aws/connectAws.js'
import * as Target from '../aws/Target.js'
import type { Io } from '../Io.js'

/**
 * Opens KMS as the break-glass role, and checks that its target is the same
 * before doing anything there.
 *
 * @throws InputError
 */
export async function connectBreakGlass(
  io: Io,
  { target, account, region }: AwsConnection,
  profile: string,
): Promise<AwsConnection> {
  const flag = `--break-glass-profile ${quote(profile)}`
  const opened = await connectAws(io, { profile, quiet: true }).catch(
    (error: unknown) => {
      if (!(error instanceof AwsCallError)) throw error
      throw new InputError(`The credentials of ${flag} were not accepted.`, {
        details: `${error.shortMessage} ${error.details ?? ''} Nothing was done.`,
        cause: error,
      })
    },
  )
  const same =
    opened.target.kind === target.kind &&
    opened.account === account &&
    opened.region === region
  if (same) return opened
  opened.close()
  throw new InputError(
    `The profile of ${flag} is for ${Target.inSentence(opened.target)}, not for ${Target.inSentence(target)}.`,
    {
      details:
        'Nothing was done. Pass a profile for the same AWS account and Region.',
    },
  )
}
