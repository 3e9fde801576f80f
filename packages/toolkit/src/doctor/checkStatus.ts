import type { AwsConnection } from '../aws/connectAws.js'
import type { StackStatus } from '../stack/readStatus.js'
import type { Check } from './Check.js'

/** The SDK notices it when AWS refuses, and corrects itself. */
export function checkClock({ kms }: AwsConnection): Check {
  const offsetMs = kms.config.systemClockOffset
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  if (seconds < 60) return { name: 'clock', ok: true, found: "as AWS's" }
  return {
    name: 'clock',
    ok: false,
    found: `${seconds} seconds ${offsetMs > 0 ? 'behind' : 'ahead'}`,
    fix: 'Set the clock of this machine: AWS refuses what is more than 5 minutes off.',
  }
}

export function checkKey({ key, address, pin }: StackStatus): Check[] {
  const state: Check =
    key === undefined
      ? {
          name: 'key',
          ok: undefined,
          found: 'may not be seen (kms:DescribeKey)',
        }
      : {
          name: 'key',
          ok: key.state === 'Enabled',
          found: key.state,
          ...(key.state !== 'Enabled' && {
            fix: 'Enable it (keyward unfreeze), import it (keyward key import), or cancel its deletion (keyward key cancel-deletion).',
          }),
        }
  const account: Check =
    address.address === undefined
      ? { name: 'address', ok: undefined, found: address.reason }
      : { name: 'address', ok: true, found: address.address }
  if (pin === undefined || pin === null || address.address === undefined)
    return [state, account]
  const isSame = pin.toLowerCase() === address.address.toLowerCase()
  return [
    state,
    account,
    {
      name: 'pin',
      ok: isSame,
      found: isSame ? 'the same' : `another: ${pin}`,
      ...(!isSame && {
        fix: 'Nothing is signed. Find out why the key is another one before anything else.',
      }),
    },
  ]
}

export function checkFunctions({ functions }: StackStatus): Check[] {
  return functions.map(({ name, state, concurrency }) => {
    if (concurrency === 0)
      return {
        name,
        ok: false,
        found: 'stopped',
        fix: 'keyward unfreeze lets it run again.',
      }
    const ok = state === null ? undefined : state === 'Active'
    return { name, ok, found: state ?? 'may not be seen' }
  })
}
