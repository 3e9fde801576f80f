import * as OnChain from '../node/OnChain.js'
import type { KeyState } from '../stack/readKeyState.js'
import { type ChainAnswer, neverChecked } from './checkFunds.js'
import type { Fate } from './findRemains.js'

/** Everything that `destroy` would do, determined before it begins. */
export type Plan = {
  stack: string
  /** CloudFormation's term. */
  status: string
  fates: readonly Fate[]
  /** One key; in a multisig the owners' keys in order, then the relayer's. */
  keys: readonly [PlannedKey, ...PlannedKey[]]
  windowDays: number
  /**
   * The principals that the template's key policy allows to delete the key.
   * Empty if the template is not visible or the stack has no key of its own.
   */
  breakGlass: readonly string[]
  /** Whether imported key material is deleted immediately. */
  deletesMaterial: boolean
  /** Accounts that no one could sign for afterwards, and their funds. */
  holders: readonly Holder[]
}

export type PlannedKey = {
  /**
   * `owner-1`, …, `relayer` in a multisig; undefined if there is only one key.
   */
  role: string | undefined
  arn: string
  /** Undefined if the caller isn't allowed to see it. */
  state: KeyState | undefined
  /**
   * `keep`: the key was created by another stack or by hand. `gone`: KMS has
   * already deleted it.
   */
  fate: 'schedule' | 'with-stack' | 'keep' | 'gone'
}

/** The account of a key, or a Safe that would be left with too few owners. */
export type Holder = {
  /** The key's role, or `safe`. */
  role: string | undefined
  address: string | undefined
  /** Why KMS did not return the address. */
  unknown: string | undefined
  /** Undefined if no chain was asked, because nothing would be lost. */
  chains: readonly ChainAnswer[] | undefined
}

/** Converts the plan to the `--json` output. */
export function toJson(plan: Plan): Record<string, unknown> {
  const { keys, holders } = plan
  const [{ role }] = keys
  const about = {
    stack: plan.stack,
    status: plan.status,
    resources: plan.fates,
  }
  if (role === undefined)
    return {
      ...about,
      key: keyData(keys[0]),
      ...holders.map(holderData)[0],
      neverChecked,
    }
  return {
    ...about,
    keys: keys.map((key) => ({ role: key.role, ...keyData(key) })),
    holders: holders.map((one) => ({ role: one.role, ...holderData(one) })),
    neverChecked,
  }
}

function keyData({ arn, state, fate }: PlannedKey) {
  return {
    arn,
    state: state?.state ?? null,
    fate,
    deletionDate: state?.deletionDate?.toISOString() ?? null,
  }
}

function holderData({ address, chains }: Holder) {
  return {
    address: address ?? null,
    chains:
      chains?.map((answer) =>
        'found' in answer
          ? OnChain.toJson(answer.found)
          : { network: answer.network, notChecked: answer.unknown },
      ) ?? null,
  }
}
