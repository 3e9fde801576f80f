import { pluralize, type Style, toColumns } from '@keyward/toolkit'
import {
  type ChainAnswer,
  neverChecked,
  type Plan,
} from '@keyward/toolkit/destroy'
import { OnChain } from '@keyward/toolkit/node'
import { countTypes } from './countTypes.js'

const words = {
  remove: 'remove',
  stay: 'stays',
  gone: 'gone',
} as const

/**
 * The plan for people, what matters most first: the account and what it has,
 * the key, what stays, and the rest. What can't be taken back is red.
 *
 * @param isFolded - Counts what is removed, and lists nothing of it.
 */
export function destroyPlanText(
  plan: Plan.Plan,
  style: Style,
  isFolded: boolean,
): string {
  const { fates, key, address, unknown, chains } = plan
  const gone = fates.filter(({ fate }) => fate === 'remove')
  const isCounted = isFolded && gone.length > 1
  const nameOf = (type: string) => type.replace(/^AWS::/, '')
  const listed = isCounted
    ? fates.filter((each) => !gone.includes(each))
    : fates
  const width = Math.max(0, ...listed.map(({ type }) => nameOf(type).length))
  const linesOf = (wanted: (typeof fates)[number]['fate']) =>
    fates
      .filter(({ fate }) => fate === wanted)
      .map(({ type, id, fate }) => {
        const name = nameOf(type)
        if (fate === 'schedule')
          return style.red(`  DELETE  ${name}  ${id}  ${keyText(plan)}`)
        return `  ${words[fate].padEnd(6)}  ${name.padEnd(width)}  ${id}`
      })
  return [
    `Plan for ${plan.stack} (${plan.status}):`,
    ...(chains === undefined
      ? []
      : [
          '',
          `What ${address ?? 'the account'} has${unknown !== undefined && address !== undefined ? ' (the pin; KMS could not be asked)' : ''}:`,
          fundsText(chains, style),
          'Never checked:',
          ...neverChecked.map((each) => `  ${each}`),
        ]),
    '',
    ...linesOf('schedule'),
    ...(key.fate === 'keep'
      ? [`  stays   the key ${key.arn}, which the stack did not make`]
      : []),
    ...linesOf('stay'),
    ...(isCounted
      ? [
          `  remove  ${countTypes(
            gone.map(({ type }) => type),
            2,
          )}`,
          '          (--verbose lists them)',
        ]
      : linesOf('remove')),
    ...linesOf('gone'),
  ].join('\n')
}

function keyText({ key, windowDays }: Plan.Plan): string {
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
        `${pluralize(found.nonce, 'transaction')} sent`,
        ...(found.waiting > 0n ? [`${found.waiting} waiting`] : []),
        `${pluralize(found.tokensAsked, 'token')} asked for`,
      ].join('; ')
      const held = OnChain.holdsFunds(found) || found.waiting > 0n
      return [`  ${answer.network}`, held ? style.red(text) : text]
    }),
  )
}
