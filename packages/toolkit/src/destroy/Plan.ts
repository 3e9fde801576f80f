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
  key: {
    arn: string
    /** Undefined when it may not be seen. */
    state: KeyState | undefined
    /** `keep`: another stack or person made it. */
    fate: 'schedule' | 'with-stack' | 'keep'
  }
  windowDays: number
  address: string | undefined
  /** Why KMS told no address. */
  unknown: string | undefined
  /** Undefined when nothing would be lost, so that nobody was asked. */
  chains: readonly ChainAnswer[] | undefined
}

/** The plan as `--json` has it. */
export function toJson(plan: Plan): Record<string, unknown> {
  const { key, chains } = plan
  return {
    stack: plan.stack,
    status: plan.status,
    resources: plan.fates,
    key: {
      arn: key.arn,
      state: key.state?.state ?? null,
      fate: key.fate,
      deletionDate: key.state?.deletionDate?.toISOString() ?? null,
    },
    address: plan.address ?? null,
    chains:
      chains?.map((answer) =>
        'found' in answer
          ? OnChain.toJson(answer.found)
          : { network: answer.network, notChecked: answer.unknown },
      ) ?? null,
    neverChecked,
  }
}
