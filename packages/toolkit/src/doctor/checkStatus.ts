import * as Frozen from '../stack/Frozen.js'
import {
  type AccountStatus,
  keyStateOf,
  type StackStatus,
} from '../stack/readStatus.js'
import type { Check } from './Check.js'

export function checkKey(
  { role, key, address, pin }: AccountStatus,
  stack: string,
): Check[] {
  const of = (name: string) => (role === undefined ? name : `${role}: ${name}`)
  const state: Check =
    key === undefined
      ? {
          name: of('key'),
          ok: undefined,
          found: 'not checked: you have no permission (kms:DescribeKey)',
        }
      : {
          name: of('key'),
          ok: key.state === 'Enabled',
          found: key.state,
          ...fixOf(key, stack),
        }
  const account: Check =
    address.address === undefined
      ? { name: of('address'), ok: undefined, found: address.reason }
      : { name: of('address'), ok: true, found: address.address }
  if (pin === undefined || pin === null || address.address === undefined)
    return [state, account]
  const isSame = pin.toLowerCase() === address.address.toLowerCase()
  return [
    state,
    account,
    {
      name: of('pin'),
      ok: isSame,
      found: isSame
        ? 'matches the address'
        : `does not match the address: the pin is ${pin}`,
      ...(!isSame && {
        fix: 'Until this is fixed, nothing is signed. First find out why the key changed.',
      }),
    },
  ]
}

function fixOf(
  { state, arn }: NonNullable<AccountStatus['key']>,
  stack: string,
): { fix?: string } {
  switch (state) {
    case 'Disabled':
      return { fix: unfreeze(stack) }
    case 'PendingImport':
      return { fix: `Import its material: keyward key import --key ${arn}` }
    case 'PendingDeletion':
      return {
        fix: `As an administrator of the key, cancel its deletion: keyward key cancel-deletion ${arn}`,
      }
    default:
      return {}
  }
}

/** The remedy for all parts that a freeze stops. */
export const unfreeze = (stack: string): string =>
  `Find out why the stack was frozen, then run keyward unfreeze --stack ${stack}.`

/**
 * The freeze is reported once, and first, because it causes the failures below.
 */
export function checkFrozen({
  stack,
  frozen,
  accounts,
}: Pick<StackStatus, 'stack' | 'frozen' | 'accounts'>): Check[] {
  if (frozen !== 'yes' && frozen !== 'partly') return []
  return [
    {
      name: 'frozen',
      ok: false,
      found: Frozen.describe(frozen, accounts.map(keyStateOf)),
      fix: unfreeze(stack),
    },
  ]
}

/**
 * This is intended (unguardedUsers), but is reported in case it was forgotten.
 */
export function checkUnguarded({
  stack,
  unguarded = [],
}: Pick<StackStatus, 'stack' | 'unguarded'>): Check[] {
  if (unguarded.length === 0) return []
  return [
    {
      ...{ name: 'policy', ok: undefined },
      found: `these users sign without the policy: ${unguarded.join(', ')}`,
      fix: `These are users of the key (unguardedUsers). To enforce the policy for everyone, remove them: keyward deploy --stack ${stack} -c users=`,
    },
  ]
}

/** A multisig's co-signers have their own checks, so they need no policy. */
export function checkNoPolicy({
  accounts,
  functions,
}: Pick<StackStatus, 'accounts' | 'functions'>): Check[] {
  const isSingle = accounts.every(({ role }) => role === undefined)
  const isBare = functions.every(({ policy }) => policy === null)
  if (!isSingle || !isBare || functions.length === 0) return []
  const found = 'none: everything that callers ask for is signed'
  return [{ name: 'policy', ok: undefined, found }]
}

export function checkFunctions({
  stack,
  functions,
}: Pick<StackStatus, 'stack' | 'functions'>): Check[] {
  return functions.map(({ name, state, concurrency }) => {
    if (concurrency === 0)
      return { name, ok: false, found: 'stopped', fix: unfreeze(stack) }
    const ok = state === null ? undefined : state === 'Active'
    return { name, ok, found: state ?? 'not checked: you have no permission' }
  })
}
