import type { Faults } from '@keyward/local'
import type { FaultOptions } from './program/addLocalCommands.js'

/** The flags that were given, as the local home names them. */
export function toFaults(options: FaultOptions): Partial<Faults> {
  const { kmsLatency, kmsThrottle, kmsErrorRate, clockSkew } = options
  return {
    ...(kmsLatency === undefined ? {} : { kmsLatencyMs: kmsLatency }),
    ...(kmsThrottle === undefined ? {} : { kmsThrottle }),
    ...(kmsErrorRate === undefined ? {} : { kmsErrorRate }),
    ...(clockSkew === undefined ? {} : { clockSkewS: clockSkew }),
  }
}
