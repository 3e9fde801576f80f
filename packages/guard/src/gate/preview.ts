import type { SigningKey, SigningRequest } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'
import type { Settings } from '../windows/Store.js'
import type { SendingWindows } from '../windows/Windows.js'
import { type Context, decide, toSubject, toVerdict } from './Context.js'
import { untilFree } from './denyExceeded.js'
import type { Verdict } from './Guard.js'
import { toCharges } from './toCharges.js'
import { waitInShadow } from './waitInShadow.js'

/** A context whose windows can also be read. */
type ReadingContext = Context & { readonly windows: SendingWindows | undefined }

/** Implements `Guard.preview`. */
export async function preview(
  context: ReadingContext,
  request: SigningRequest,
  asked: SigningKey.AuthorizeContext,
): Promise<Verdict> {
  const subject = await toSubject(context, asked)
  const decision = decide(context, request, subject)
  const { deadline } = asked
  const reading = readSpent(context, decision, { deadline })
  const spent = await (decision.mode === 'shadow'
    ? waitInShadow(reading)
    : reading)
  if (spent === undefined) return toVerdict(decision)
  if ('reason' in spent) return toVerdict(denyHalted(decision, spent.reason))
  const decided = decide(context, request, subject, spent)
  const reasons = decided.reasons.map((reason) => {
    const [full] = spent.filter(
      ({ window, fitsAt }) =>
        fitsAt !== undefined && reason.path === `windows[${window}]`,
    )
    return { ...reason, allowed: reason.allowed + untilFree(full?.fitsAt) }
  })
  return toVerdict({ ...decided, reasons })
}

/** Undefined if nothing is counted. */
async function readSpent(
  { policy, windows }: ReadingContext,
  { reservations }: Decision,
  settings: Settings,
) {
  if (windows === undefined || reservations.length === 0) return undefined
  const [halt, spendings] = await Promise.all([
    windows.readHalt(settings),
    windows.read(toCharges(policy, reservations), settings),
  ])
  if (halt !== undefined) return halt
  return reservations.map(({ window, scope }, index) => ({
    ...{ window: window.id, scope },
    amount: spendings[index]?.spent ?? 0n,
    fitsAt: spendings[index]?.fitsAt,
  }))
}

function denyHalted(decision: Decision, reason: string): Decision {
  const why = {
    path: 'windows',
    came: reason ? `a halt (${reason})` : 'a halt',
    allowed: 'nothing until the halt is lifted (keyward unfreeze --guard)',
  }
  return { ...decision, decision: 'deny', reasons: [why], reservations: [] }
}
