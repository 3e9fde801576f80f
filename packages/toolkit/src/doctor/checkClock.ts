import type { AwsConnection } from '../aws/connectAws.js'
import type { Check } from './Check.js'

/**
 * The SDK notices a wrong clock when AWS refuses a call, and corrects for it.
 */
export function checkClock({ kms }: AwsConnection): Check {
  const offsetMs = kms.config.systemClockOffset
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  if (seconds < 60)
    return { name: 'clock', ok: true, found: "agrees with AWS's" }
  return {
    name: 'clock',
    ok: false,
    found: `${seconds} seconds ${offsetMs > 0 ? 'behind' : 'ahead'}`,
    fix: 'Set the clock of this machine: AWS refuses requests that are more than 5 minutes off.',
  }
}
