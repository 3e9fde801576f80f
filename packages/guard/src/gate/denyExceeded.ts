import type { Decision } from '../evaluate/Decision.js'
import { formatLimit, formatWindow, onTopOf } from '../evaluate/format.js'
import type { Policy } from '../policy/Policy.js'
import { formatPeriod } from '../windows/formatPeriod.js'
import type { WindowExceededError } from '../windows/WindowExceededError.js'

/** @param freeAt - In ms since 1970; undefined means never. */
export function untilFree(freeAt: number | undefined): string {
  return freeAt === undefined
    ? ''
    : `; the request will fit from ${new Date(freeAt).toISOString()} if nothing else is spent`
}

/** Denies an allowed request for which a window has no room. */
export function denyExceeded(
  policy: Policy,
  decision: Decision,
  { window: { id, length, limit }, came, spent, freeAt }: WindowExceededError,
): Decision {
  const window = policy.windows.get(id)
  const format = (amount: bigint) =>
    window === undefined ? `${amount}` : formatWindow(policy, window, amount)
  const most =
    window === undefined
      ? `${limit} ${formatPeriod(length)}`
      : formatLimit(policy, window)
  const reason = {
    path: `windows[${id}]`,
    came: onTopOf(format, came, spent),
    allowed: `${most}${untilFree(freeAt)}`,
  }
  return { ...decision, decision: 'deny', reasons: [reason], reservations: [] }
}
