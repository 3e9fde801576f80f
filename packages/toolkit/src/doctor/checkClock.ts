import type { AwsConnection } from '../aws/connectAws.js'
import type { Check } from './Check.js'

/**
 * Checks this machine's clock. The SDK notices that it is wrong when AWS
 * refuses a call, and corrects for it.
 */
export function checkClock({ kms }: AwsConnection): Check {
  const offsetMs = kms.config.systemClockOffset
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  if (seconds < 60)
    return { name: 'clock', ok: true, found: "agrees with AWS's clock" }
  return {
    name: 'clock',
    ok: false,
    found: `${seconds} seconds ${offsetMs > 0 ? 'behind' : 'ahead of'} AWS's clock`,
    fix: "Set this machine's clock: AWS refuses requests whose time is off by more than 5 minutes.",
  }
}
