import type { Faults } from '@keyward/local'
import type { Values } from '../../program/Input.js'
import type { faultInputs } from './faultInputs.js'

export type FaultOptions = Values<typeof faultInputs>

/** The flags that were given, as the local home names them. */
export function toFaults(options: Partial<FaultOptions>): Partial<Faults> {
  const { kmsLatency, kmsThrottle, kmsErrorRate, clockSkew } = options
  return {
    ...(kmsLatency === undefined ? {} : { kmsLatencyMs: kmsLatency }),
    ...(kmsThrottle === undefined ? {} : { kmsThrottle }),
    ...(kmsErrorRate === undefined ? {} : { kmsErrorRate }),
    ...(clockSkew === undefined ? {} : { clockSkewS: clockSkew }),
  }
}
