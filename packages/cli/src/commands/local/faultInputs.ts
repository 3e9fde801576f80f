import type { Faults } from '@keyward/local'
import { number, type Values } from '../../program/Input.js'

/** The faults to simulate, by the names that the home uses. */
export const faultInputs = {
  kmsLatencyMs: number(
    '--kms-latency <ms>',
    'delay each KMS response by this many milliseconds',
    {
      min: 0,
      max: 600_000,
    },
  ),
  kmsThrottle: number(
    '--kms-throttle <n>',
    'throttle KMS above this many signatures per second; 0 for never',
    { min: 0, max: 1_000_000 },
  ),
  kmsErrorRate: number(
    '--kms-error-rate <p>',
    'the share of KMS calls that fail',
    {
      min: 0,
      max: 1,
      fraction: true,
    },
  ),
  clockSkewS: number(
    '--clock-skew <seconds>',
    "how far the home's clock is ahead",
    {
      min: -31_536_000,
      max: 31_536_000,
    },
  ),
}

/** The faults that were given. The others stay unchanged. */
export function toFaults(
  options: Partial<Values<typeof faultInputs>>,
): Partial<Faults> {
  const names = Object.keys(faultInputs) as (keyof Faults)[]
  return Object.fromEntries(
    names
      .filter((name) => options[name] !== undefined)
      .map((name) => [name, options[name]]),
  )
}
