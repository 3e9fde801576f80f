import type { Faults } from '@keyward/local'

/** Bad days on demand, as given; what isn't given stays as it is. */
export type FaultOptions = {
  kmsLatency?: number | undefined
  kmsThrottle?: number | undefined
  kmsErrorRate?: number | undefined
  clockSkew?: number | undefined
}

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
