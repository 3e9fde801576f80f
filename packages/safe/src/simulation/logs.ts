import type { Hex } from '@keyward/core'
import * as Hash from 'ox/Hash'
import { fromString } from 'ox/Hex'
import type { Danger, Finding } from '../danger/Danger.js'

/** First topic of an event. */
export const topic = (text: string) => Hash.keccak256(fromString(text))

/** First word of a log's data. */
export const toAmount = (data: Hex) =>
  data.length >= 66 ? BigInt(data.slice(0, 66)) : 0n

/** A finding about the transaction as a whole. */
export const finding = (danger: Danger, text: string): Finding => ({
  ...{ danger, path: '', text },
})
