import * as OnChain from '../node/OnChain.js'
import type { KeyState } from '../stack/readKeyState.js'
import { type ChainAnswer, neverChecked } from './checkFunds.js'
import type { Fate } from './findRemains.js'

/** Everything a destruction would do, known before it begins. */
export type Plan = {
  stack: string
  /** CloudFormation's word. */
  status: string
  fates: readonly Fate[]
  /** One, or in a multisig the owners' in their order and the relayer's. */
  keys: readonly [PlannedKey, ...PlannedKey[]]
  windowDays: number
  /** Accounts that nobody may sign for afterwards, and what they have. */
  holders: readonly Holder[]
}

export type PlannedKey = {
  /** `owner-1`, …, `relayer` in a multisig; undefined where there is one key. */
  role: string | undefined
  arn: string
  /** Undefined when it may not be seen. */
  state: KeyState | undefined
  /** `keep`: another stack or person made it. */
  fate: 'schedule' | 'with-stack' | 'keep'
}

/** A key's account, or the Safe that too few owners would be left of. */
export type Holder = {
  /** As the key has it, or `safe`. */
  role: string | undefined
  address: string | undefined
  /** Why KMS told no address. */
  unknown: string | undefined
  /** Undefined when nothing would be lost, so that nobody was asked. */
  chains: readonly ChainAnswer[] | undefined
}

/** The plan as `--json` has it. */
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
