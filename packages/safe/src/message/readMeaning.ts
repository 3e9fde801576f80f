import type { Hex } from '@keyward/core'
import {
  type MessageFacts,
  readMessage,
  readTypedData,
  type TypedDataRead,
} from '@keyward/guard/calls'
import type { Preimage } from '../SafeMessage.js'

/** What a message of the Safe is, decoded. */
export type Meaning =
  | ({ readonly of: 'text' } & MessageFacts)
  | ({ readonly of: 'typedData' } & TypedDataRead & {
        /** What it lets others take, by token. */
        readonly takes: ReadonlyMap<Hex, bigint>
        /** In the guard's words. */
        readonly dangers: readonly string[]
      })

/**
 * @param safe - In whose name it is signed.
 * @throws InvalidRequestError for typed data that does not fit its types
 */
export function readMeaning(preimage: Preimage, safe: Hex): Meaning {
  if ('message' in preimage)
    return { of: 'text', ...readMessage(preimage.message) }
  const read = readTypedData(preimage.typedData, new Map())
  const { known, contract, message } = read
  const flows = known?.flows(message, toToken, contract, safe) ?? []
  const takes = new Map<Hex, bigint>()
  for (const { asset, amount } of typeof flows === 'string' ? [] : flows)
    takes.set(asset as Hex, (takes.get(asset as Hex) ?? 0n) + amount)
  const dangers = known?.dangers(message) ?? []
  return { of: 'typedData', ...read, takes, dangers }
}

/** A co-signer knows no tokens by name: each stands for itself. */
const toToken = (address: Hex) => ({ id: address.toLowerCase() })
