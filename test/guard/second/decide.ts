import { type Action, none } from './Action.js'
import type { Asked } from './Asked.js'
import { known, signature } from './abi.js'
import { matches } from './conditions.js'
import type { Document, Mode, Rule } from './Document.js'
import { checkLimits, type Decided, type Reservation } from './limits.js'
import { readCall, TooMany } from './readCall.js'
import { readMessage } from './readMessage.js'
import { readTypedData } from './readTypedData.js'

/** What two evaluators must agree on. */
export type Decision = {
  decision: 'allow' | 'deny'
  mode: Mode
  rule: string | undefined
  reservations: readonly Reservation[]
  actions: readonly { path: string; rule: string | undefined }[]
  shadow: readonly { rule: string; effect: 'allow' | 'deny'; path: string }[]
}

/** Decides as docs/policy.md says, and nothing else. */
export function decide(policy: Document, asked: Asked): Decision {
  assertDistinct(policy)
  const mode = policy.mode ?? 'enforce'
  const actions = readActions(policy, asked)
  if (!actions || actions.length > 1000)
    return {
      decision: 'deny',
      mode,
      rule: undefined,
      reservations: [],
      actions: [],
      shadow: [],
    }
  const judged = actions.map((action) => judge(policy, asked, action))
  const told = {
    mode,
    actions: judged.map(({ action, rule, allowed }) => ({
      path: action.path,
      rule: allowed ? rule?.id : undefined,
    })),
    shadow: judged.flatMap(({ action, shadow }) =>
      shadow.map(({ id, effect = 'allow' }) => ({
        rule: id,
        effect,
        path: action.path,
      })),
    ),
  }
  const denied = judged.filter(({ allowed }) => !allowed)
  if (denied.length > 0)
    return {
      ...told,
      decision: 'deny',
      rule: denied.find(({ rule }) => rule)?.rule?.id,
      reservations: [],
    }
  const decided = judged.map(
    ({ action, rule }): Decided => ({
      action,
      rule: rule!,
    }),
  )
  const reservations = checkLimits(policy, asked, decided)
  return {
    ...told,
    decision: reservations ? 'allow' : 'deny',
    rule: decided[0]!.rule.id,
    reservations: reservations ?? [],
  }
}

/** A document with two functions of the same four bytes is refused. */
function assertDistinct({ functions = [] }: Document): void {
  const declared = functions.map((one) => signature(one, false))
  const texts = new Map<string, string>()
  for (const { selector, text } of [...known, ...declared]) {
    if ((texts.get(selector) ?? text) !== text)
      throw new Error(`${text} begins as ${texts.get(selector)}`)
    texts.set(selector, text)
  }
}

function judge(policy: Document, asked: Asked, action: Action) {
  const matching = policy.rules.filter((rule) =>
    matches(rule, { policy, asked, action }),
  )
  const shadow = matching.filter(({ mode }) => mode === 'shadow')
  const enforced = matching.filter(({ mode }) => mode !== 'shadow')
  const denying = enforced.find(({ effect }) => effect === 'deny')
  const rule: Rule | undefined = denying ?? enforced[0]
  return { action, rule, shadow, allowed: !denying && rule !== undefined }
}

export function readActions(
  policy: Document,
  { request, account }: Asked,
): readonly Action[] | undefined {
  const from = account?.toLowerCase()
  switch (request.kind) {
    case 'transaction': {
      const { to, chainId, value = '0', data = '0x' } = request.transaction
      const chain = BigInt(chainId)
      if (to === undefined)
        return [
          { ...none, path: '', kind: 'create', chain, value: BigInt(value) },
        ]
      const call = { from, to: to.toLowerCase(), value: BigInt(value), data }
      try {
        return readCall({ ...call, delegate: false }, chain, '', policy)
      } catch (error) {
        if (error instanceof TooMany) return undefined
        throw error
      }
    }
    case 'typedData':
      try {
        return readTypedData(request.typedData, from, policy)
      } catch {
        return undefined
      }
    case 'message':
      return [readMessage(request.message)]
    case 'authorization': {
      const { chainId, address } = request.authorization
      return [
        {
          ...none,
          path: '',
          kind: 'authorization',
          chain: BigInt(chainId),
          to: address.toLowerCase(),
        },
      ]
    }
    case 'digest':
      return [{ ...none, path: '', kind: 'digest' }]
  }
}
