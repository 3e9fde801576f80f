import { number } from '../../program/Input.js'

/** Bad days on demand: what isn't given stays as it is. */
export const faultInputs = {
  kmsLatency: number('--kms-latency <ms>', 'KMS answers this much later', {
    min: 0,
    max: 600_000,
  }),
  kmsThrottle: number(
    '--kms-throttle <n>',
    'KMS throttles above so many signatures a second; 0 for never',
    { min: 0, max: 1_000_000 },
  ),
  kmsErrorRate: number('--kms-error-rate <p>', 'share of KMS calls that fail', {
    min: 0,
    max: 1,
    fraction: true,
  }),
  clockSkew: number(
    '--clock-skew <seconds>',
    "how far the home's clock is ahead",
    {
      min: -31_536_000,
      max: 31_536_000,
    },
  ),
}
