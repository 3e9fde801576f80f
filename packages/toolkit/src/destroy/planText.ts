import * as OnChain from '../node/OnChain.js'
import type { Style } from '../Style.js'
import { countTypes } from '../text/countTypes.js'
import { pluralize } from '../text/pluralize.js'
import { toColumns } from '../text/toColumns.js'
import { type ChainAnswer, neverChecked } from './checkFunds.js'
import type * as Plan from './Plan.js'

const words = {
  remove: 'remove',
  stay: 'keep',
  gone: 'gone',
} as const

/**
 * The plan as text for users, with the most important things first: the account
 * and its funds, the key, the retained resources, and the rest. Irreversible
 * changes are red.
 *
 * @param folds - The fates whose resources are counted instead of listed.
 */
export function planText(
  plan: Plan.Plan,
  style: Style,
  folds: readonly ('remove' | 'gone')[],
): string {
  const { fates, keys, holders } = plan
  const counted = new Map(
    (['remove', 'gone'] as const).map((fate) => {
      const all = fates.filter((each) => each.fate === fate)
      return [fate, folds.includes(fate) && all.length > 1 ? all : []] as const
    }),
  )
  const asked = holders.filter(({ chains }) => chains !== undefined)
  const kept = keys.filter(({ fate }) => fate === 'keep')
  const typeOf = (type: string) => type.replace(/^AWS::/, '')
  const folded = [...counted.values()].flat()
  const listed = fates.filter((each) => !folded.includes(each))
  const width = Math.max(0, ...listed.map(({ type }) => typeOf(type).length))
  const linesOf = (wanted: (typeof fates)[number]['fate']) =>
    fates
      .filter(({ fate }) => fate === wanted)
      .map(({ type, id, fate }) => {
        const name = typeOf(type)
        if (fate === 'schedule') return keyText(plan, name, id, style)
        return `  ${words[fate].padEnd(6)}  ${name.padEnd(width)}  ${id}`
      })
  return [
    `Plan for ${plan.stack} (${plan.status}):`,
    ...(asked.length === 0
      ? []
      : [
          '',
          ...asked.flatMap((holder) => [
            `Funds of ${nameOf(holder)}:`,
            fundsText(holder.chains ?? [], style),
          ]),
          'Not checked:',
          ...neverChecked.map((each) => `  ${each}`),
        ]),
    '',
    ...linesOf('schedule'),
    ...kept.map(
      ({ arn }) => `  keep    the key ${arn}, which the stack did not create`,
    ),
    ...linesOf('stay'),
    ...[...counted].flatMap(([fate, all]) =>
      all.length === 0
        ? linesOf(fate)
        : [
            `  ${words[fate].padEnd(6)}  ${countTypes(
              all.map(({ type }) => type),
              1,
            )}`,
          ],
    ),
    ...(folded.length === 0 ? [] : ['          (--verbose lists them)']),
    ...(fates.some(isDeletedLog)
      ? [
          '',
          'The logs, the record of what was signed, are deleted too. --keep-logs keeps them.',
        ]
      : []),
  ].join('\n')
}

function isDeletedLog({ type, fate }: Plan.Plan['fates'][number]): boolean {
  return type === 'AWS::Logs::LogGroup' && fate === 'remove'
}

function nameOf({ role, address, unknown }: Plan.Holder): string {
  const isPin = unknown !== undefined && address !== undefined
  return [
    address ?? 'the account',
    ...(role === 'safe'
      ? [', the Safe that would have too few owners left']
      : role === undefined
        ? []
        : [` (${role})`]),
    ...(isPin ? [' (from the pin, because KMS did not return it)'] : []),
  ].join('')
}

function keyText(
  { keys, windowDays, deletesMaterial }: Plan.Plan,
  type: string,
  id: string,
  style: Style,
): string {
  const key = keys.find(({ arn }) => arn === id || arn.endsWith(`/${id}`))
  const date = key?.state?.deletionDate?.toISOString().slice(0, 10)
  const losesMaterial = deletesMaterial && key?.state?.origin === 'EXTERNAL'
  if (date !== undefined && !losesMaterial)
    return `  pending ${type}  ${id}  (will be deleted on ${date})`
  const when = date === undefined ? `after ${windowDays} days` : `on ${date}`
  return style.red(
    `  DELETE  ${type}  ${id}  ${
      losesMaterial
        ? `(its imported material now, the key ${when})`
        : `(${when})`
    }`,
  )
}

function fundsText(chains: readonly ChainAnswer[], style: Style): string {
  if (chains.length === 0) return '  not checked'
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
        `${pluralize(found.tokensAsked, 'token')} checked`,
      ].join('; ')
      const held = OnChain.holdsFunds(found) || found.waiting > 0n
      return [`  ${answer.network}`, held ? style.red(text) : text]
    }),
  )
}
