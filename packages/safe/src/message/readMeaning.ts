import type { Hex } from '@keyward/core'
import {
  type MessageFacts,
  readMessage,
  readTypedData,
  type TypedDataRead,
} from '@keyward/guard/calls'
import type { Preimage } from '../SafeMessage.js'

/** A decoded message of the Safe. */
export type Meaning =
  | ({ readonly of: 'text' } & MessageFacts)
  | ({ readonly of: 'typedData' } & TypedDataRead & {
        /**
         * Whether the message's kind is known, but not the amounts that it
         * moves.
         */
        readonly isUncounted: boolean
        /** The amounts that it allows others to take, by token. */
        readonly takes: ReadonlyMap<Hex, bigint>
        /** For an order: the recipient of the bought asset. */
        readonly proceeds: Hex | undefined
        /** Dangers, with the guard's names for them. */
        readonly dangers: readonly string[]
      })

/**
 * @param safe - The Safe in whose name it is signed.
 * @throws InvalidRequestError if typed data doesn't match its types
 */
export function readMeaning(preimage: Preimage, safe: Hex): Meaning {
  if ('message' in preimage)
    return { of: 'text', ...readMessage(preimage.message) }
  const read = readTypedData(preimage.typedData, new Map())
  const { known, contract, message } = read
  const flows = known?.flows(message, toToken, contract, safe) ?? []
  const takes = new Map<Hex, bigint>()
  const all = typeof flows === 'string' ? [] : flows
  for (const { asset, amount } of all)
    takes.set(asset as Hex, (takes.get(asset as Hex) ?? 0n) + amount)
  const dangers = known?.dangers(message) ?? []
  const isOrder = /^(Limit)?Order/.test(read.kind ?? '')
  const proceeds = isOrder ? all[0]?.recipient : undefined
  const isUncounted = flows === 'unknown'
  return { of: 'typedData', ...read, isUncounted, takes, proceeds, dangers }
}

/** A co-signer knows no token names, so each token's address is its id. */
const toToken = (address: Hex) => ({ id: address.toLowerCase() })
