import { counted } from '../counted.js'
import { toColumns } from '../output.js'
import * as OnChain from '../rpc/OnChain.js'
import type { KeyState } from '../stack/readKeyState.js'
import type { Style } from '../Terminal.js'
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

const words = {
  remove: 'remove',
  schedule: 'DELETE',
  stay: 'stays',
  gone: 'gone',
} as const

/** The plan for people; what can't be taken back is red. */
export function format(plan: Plan, style: Style): string {
  const { fates, key, address, unknown, chains } = plan
  const width = Math.max(0, ...fates.map(({ type }) => type.length))
  const lines = fates.map(({ type, id, fate }) => {
    const line = `  ${words[fate].padEnd(6)}  ${type.padEnd(width)}  ${id}`
    if (fate !== 'schedule') return line
    return style.red(`${line}  ${keyText(plan)}`)
  })
  return [
    `Plan for ${plan.stack} (${plan.status}):`,
    ...lines,
    ...(key.fate === 'keep'
      ? [`  stays   the key ${key.arn}, which the stack did not make`]
      : []),
    ...(chains === undefined
      ? []
      : [
          '',
          `What ${address ?? 'the account'} has${unknown !== undefined && address !== undefined ? ' (the pin; KMS could not be asked)' : ''}:`,
          fundsText(chains, style),
        ]),
    ...(chains === undefined
      ? []
      : ['', 'Never checked:', ...neverChecked.map((each) => `  ${each}`)]),
  ].join('\n')
}

function keyText({ key, windowDays }: Plan): string {
  const date = key.state?.deletionDate?.toISOString().slice(0, 10)
  if (date !== undefined) return `(destroyed on ${date})`
  return `(after ${windowDays} days)`
}

function fundsText(chains: readonly ChainAnswer[], style: Style): string {
  if (chains.length === 0) return '  nobody was asked'
  return toColumns(
    chains.map((answer) => {
      if ('unknown' in answer)
        return [
          `  ${answer.network}`,
          style.red(`not checked: ${answer.unknown}`),
        ]
      const { found } = answer
      const text = [
        OnChain.format(found),
        `${counted(found.nonce, 'transaction')} sent`,
        ...(found.waiting > 0n ? [`${found.waiting} waiting`] : []),
        `${counted(found.tokensAsked, 'token')} asked for`,
      ].join('; ')
      const held = OnChain.holdsFunds(found) || found.waiting > 0n
      return [`  ${answer.network}`, held ? style.red(text) : text]
    }),
  )
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
