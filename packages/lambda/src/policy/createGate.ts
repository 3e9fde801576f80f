import { NotAuthorizedError, type SigningKey } from '@keyward/core'
import type { Guard, SigningGuard, Verdict } from '@keyward/guard'
import type { Log } from '../runtime/log.js'
import { toOwn } from './GuardFailedError.js'
import { loadPolicy, type PolicyConfig } from './loadPolicy.js'

/** The policy that was deployed with a function that only signs. */
export type SigningGate = Pick<SigningGuard, 'readHalt'> & {
  /**
   * Called before each signature. It decides on the request and, if it is
   * allowed, counts it.
   */
  authorize: SigningKey.Authorize
  /**
   * The policy's name, and whether it refuses requests. @throws if it can't be
   * read
   */
  readPolicy(): Promise<Pick<Guard, 'mode' | 'name'>>
}

/** The policy that was deployed with a function that does more than sign. */
export type Gate = SigningGate &
  Pick<
    Guard,
    'compare' | 'readNamed' | 'recount' | 'recover' | 'release' | 'unhalt'
  > & {
    /** Called before a request is accepted. It counts nothing. */
    preview: SigningKey.Authorize
  }

/**
 * The gate logs every decision with the policy's hash, regardless of the log
 * level. A policy that can't be loaded allows nothing.
 */
export function createGate(config: PolicyConfig, log: Log): Gate {
  const { gate, use, tell } = open<Guard>(config, log)
  return {
    ...gate,
    async preview(request, context) {
      const verdict = await use((guard) => guard.preview(request, context))
      // Allowed requests are logged when they are signed.
      if (verdict.denial !== undefined) tell(verdict, context)
      refuse(verdict)
    },
    readNamed: (...all) => use((guard) => guard.readNamed(...all)),
    release: (...all) => use((guard) => guard.release(...all)),
    compare: (...all) => use((guard) => guard.compare(...all)),
    recount: (...all) => use((guard) => guard.recount(...all)),
    recover: (...all) => use((guard) => guard.recover(...all)),
    unhalt: (...all) => use((guard) => guard.unhalt(...all)),
  }
}

export function createSigningGate(config: PolicyConfig, log: Log): SigningGate {
  return open(config, log).gate
}

function open<guard extends SigningGuard>(config: PolicyConfig, log: Log) {
  let loading: Promise<guard> | undefined
  const load = () => {
    loading ??= loadPolicy<guard>(config).catch((error) => {
      loading = undefined
      throw error
    })
    return loading
  }
  // The policy loads while the function starts. The first request reports a
  // failure.
  load().catch(() => {})
  const use = async <value>(ask: (guard: guard) => Promise<value>) => {
    try {
      return await ask(await load())
    } catch (error) {
      throw toOwn(error)
    }
  }
  const policy = config.sha256.slice(0, 16)

  function tell(verdict: Verdict, context: SigningKey.AuthorizeContext): void {
    const { decision, mode, rule, reasons } = verdict.decision
    const fields = reasons.map(({ path }) => path)
    const about = {
      ...{ policy, caller: context.caller, purpose: context.purpose },
      transaction_id: context.transactionId,
    }
    log.audit('decided', {
      ...{ ...about, decision, mode, rule },
      ...(fields.length > 0 && { fields }),
    })
    const { beyond } = verdict
    if (beyond.length > 0 && mode === 'enforce')
      log.warn('beyond', {
        ...about,
        fields: beyond.map((id) => `windows[${id}]`),
      })
  }

  const gate: SigningGate = {
    async authorize(request, context) {
      const verdict = await use((guard) => guard.authorize(request, context))
      tell(verdict, context)
      refuse(verdict)
    },
    readPolicy: () => use(async ({ name, mode }) => ({ name, mode })),
    readHalt: (...all) => use((guard) => guard.readHalt(...all)),
  }
  return { gate, use, tell }
}

function refuse({ denial }: Verdict): void {
  if (denial !== undefined) throw new NotAuthorizedError(denial)
}
