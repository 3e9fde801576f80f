import type { Runtime } from '@keyward/core/rpc'
import { createNewest } from '../createNewest.js'
import { isFresh } from '../isFresh.js'

/** Reports made within the last hour, as far as this process knows. */
export type Told = {
  /** Whether to report it now. If so, it is not due again for an hour. */
  isDue(subject: string): boolean
}

const quietMs = 60 * 60_000
const most = 1000

export function createTold({ now }: Pick<Runtime, 'now'>): Told {
  const told = createNewest<string, number>(most)
  return {
    isDue(subject) {
      const last = told.get(subject)
      if (last !== undefined && isFresh(last, quietMs, now())) return false
      told.set(subject, now())
      return true
    },
  }
}
