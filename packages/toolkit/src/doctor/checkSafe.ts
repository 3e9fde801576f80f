import type { StackStatus } from '../stack/readStatus.js'
import type { Check } from './Check.js'

/** Checks, for a multisig, whether its Safe exists and matches the pins. */
export function checkSafe({ stack, safe, accounts }: StackStatus): Check[] {
  if (safe === undefined) return []
  const name = 'safe'
  if ('problem' in safe)
    return [
      {
        ...{ name, ok: false, found: safe.problem },
        fix: `This check needs a node that answers, and lambda:InvokeFunction on the alias status of ${stack}-coordinator or of the stack's co-signer.`,
      },
    ]
  if (safe.safe === undefined)
    return [
      {
        ...{ name, ok: false, found: 'the functions have no Safe yet' },
        fix: "Without a Safe, nothing is signed. Create one with the stack's owners (keyward safe create), or adopt one, and deploy with --safe-file.",
      },
    ]
  if (!('owners' in safe))
    return [
      {
        name,
        ok: true,
        found: `${safe.safe}, for which this stack signs as one owner`,
      },
    ]
  const { threshold, owners, changes, trust } = safe
  const own = accounts.flatMap(({ role, address: { address } }) =>
    role !== 'relayer' && address !== undefined ? [[role, address]] : [],
  )
  const strangers = own.filter(([, address]) => !owners.includes(address ?? ''))
  return [
    changes.length === 0
      ? {
          ...{ name, ok: true },
          found: `${safe.safe}, ${threshold} of ${owners.length} owners, as pinned`,
        }
      : {
          ...{ name, ok: false, found: changes.join('; ') },
          fix: 'Until this is fixed, nothing is signed. Find out who changed the Safe. Then run keyward safe adopt, and deploy with --safe-file.',
        },
    ...strangers.map(([role, address]) => ({
      ...{ name: `${role}: owner`, ok: false },
      found: `${address} is not an owner of the Safe`,
      fix: "This account can't sign for this Safe. Make the account an owner, or deploy with the safe file of a Safe that the account owns.",
    })),
    { name: 'trust', ok: undefined, found: trust },
  ]
}
