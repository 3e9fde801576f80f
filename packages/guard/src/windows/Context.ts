import type { Runtime } from '@keyward/core/rpc'
import { type Clock, createClock } from './createClock.js'
import { ReservationBusyError } from './errors.js'
import type { Answer, SigningStore, Store } from './Store.js'

/** The state that all operations on the windows share. */
export type Context = {
  readonly store: SigningStore
  readonly clock: Clock
  readonly runtime: Runtime
}

/** The state that maintaining all windows needs. */
export type FullContext = Context & {
  readonly store: Store
  /** How far back the list of commits was read. */
  readonly progress: { below?: string | undefined }
}

export function createContext(store: SigningStore, runtime: Runtime): Context {
  return open(store, runtime).context
}

export function createFullContext(store: Store, runtime: Runtime): FullContext {
  const { context, learn } = open(store, runtime)
  return {
    ...context,
    progress: {},
    store: {
      ...context.store,
      list: (...all) => learn(() => store.list(...all)),
      replace: (...all) => learn(() => store.replace(...all)),
    },
  }
}

function open(store: SigningStore, runtime: Runtime) {
  const clock = createClock(() => runtime.now())
  async function learn<value>(
    call: () => Promise<Answer<value>>,
  ): Promise<Answer<value>> {
    const sentAt = runtime.now()
    const answer = await call()
    clock.learn(answer.at, sentAt)
    return answer
  }
  const context: Context = {
    clock,
    runtime,
    store: {
      host: store.host,
      table: store.table,
      get: (...all) => learn(() => store.get(...all)),
      create: (...all) => learn(() => store.create(...all)),
      update: (...all) => learn(() => store.update(...all)),
    },
  }
  return { context, learn }
}

/** How many times to retry when other processes interfere. */
const maxTries = 40

/**
 * Repeats `attempt` until it returns something.
 *
 * @throws ReservationBusyError
 */
export async function insist<value>(
  { runtime }: Context,
  id: string,
  attempt: (tries: number) => Promise<value | undefined>,
): Promise<value> {
  for (let tries = 0; tries < maxTries; tries++) {
    const value = await attempt(tries)
    if (value !== undefined) return value
    await runtime.sleep(runtime.random() * Math.min(200, 5 * 2 ** tries))
  }
  throw new ReservationBusyError(id)
}
