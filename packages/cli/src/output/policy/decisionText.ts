import {
  type Decision,
  formatLimit,
  formatWindow,
  type Policy,
  type Reason,
} from '@keyward/guard'
import type { Style } from '@keyward/toolkit'
import { hang } from './hang.js'

/**
 * A decision as text for users: the effect of the request, and why it would be
 * refused.
 */
export function decisionText(
  policy: Policy,
  decision: Decision,
  style: Style,
): string {
  const { reasons, shadow } = decision
  return [
    headline(decision, style),
    '',
    ...decision.actions.map((action) => actionText(action)),
    ...section('Why', reasons.map(reasonText), style),
    ...section('Windows', windowLines(policy, decision), style),
    ...section(
      'Rules in shadow mode',
      shadow.map(({ rule, effect, path }) =>
        hang(
          '  ',
          `${rule} would ${effect}${path === '' ? '' : ` call ${path}`}`,
        ),
      ),
      style,
    ),
  ].join('\n')
}

function headline(
  { decision, mode, rule }: Decision,
  { green, red }: Style,
): string {
  const by = rule === undefined ? '' : ` by rule ${rule}`
  if (decision === 'allow') return `${green('ALLOWED')}${by}`
  const shadow =
    mode === 'shadow'
      ? ' (shadow mode: the request would be signed anyway)'
      : ''
  return `${red('DENIED')}${by}${shadow}`
}

/** Nested calls are listed below their parent, indented by depth. */
function actionText({ path, text, rule }: Decision['actions'][number]): string {
  const depth = path === '' ? 0 : path.split('.').length
  const indent = '  '.repeat(depth + 1)
  const mark = path === '' ? '' : `${path}  `
  return [
    hang(`${indent}${mark}`, text),
    `${indent}${' '.repeat(mark.length)}${rule === undefined ? 'refused' : `allowed by ${rule}`}`,
  ].join('\n')
}

function reasonText({ path, came, allowed }: Reason): string {
  return [
    hang('  ', placeText(path)),
    hang('    got      ', came),
    hang('    allowed  ', allowed),
  ].join('\n')
}

/** `actions[0.1].rules[pay].recipients` in words. */
function placeText(path: string): string {
  const [, at, rule, condition] =
    /^actions\[([\d.]*)\](?:\.rules\[([^\]]+)\](?:\.(.+))?)?$/.exec(path) ?? []
  if (at === undefined) return path
  const call = at === '' ? 'the request' : `call ${at}`
  if (rule === undefined) return call
  return `${call}, rule ${rule}${condition === undefined ? '' : `: ${condition}`}`
}

function windowLines(policy: Policy, { reservations }: Decision): string[] {
  return reservations.map(({ window, scope, amount, before }) => {
    const show = (sum: bigint) => formatWindow(policy, window, sum)
    const whose = Object.values(scope).filter((one) => one !== '')
    const of = whose.length === 0 ? '' : ` of ${whose.join(', ')}`
    return hang(
      '  ',
      `${window.id}${of}: ${show(before)} before, ${show(before + amount)} after, at most ${formatLimit(policy, window)}`,
      4,
    )
  })
}

function section(
  title: string,
  lines: readonly string[],
  { bold }: Style,
): string[] {
  return lines.length === 0 ? [] : ['', bold(title), ...lines]
}
