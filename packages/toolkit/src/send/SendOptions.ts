import type { SenderOptions } from './readSender.js'

/** The options of `keyward send`. */
export type SendOptions = SenderOptions & {
  to: string | undefined
  amount: string | undefined
  token: string | undefined
  /** A function and its arguments. */
  call: readonly string[]
  valueWei: string | undefined
  data: string | undefined
  gas: string | undefined
  speed: string | undefined
  maxFeePerGas: string | undefined
  maxPriorityFeePerGas: string | undefined
  exactFee: boolean
  validUntil: string | undefined
  idempotencyKey: string | undefined
  notARepeat: boolean
  wait: boolean
  timeout: number
  dryRun: boolean
  yes: boolean
}
