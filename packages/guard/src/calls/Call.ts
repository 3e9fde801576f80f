import type { Hex } from '@keyward/core'
import type { Signature } from '../abi/Signature.js'
import type { Value } from '../abi/Type.js'

/** A call, with its sender. */
export type Call = {
  /** The Safe, or a contract through which the Safe calls others. */
  readonly from: Hex
  readonly to: Hex
  /** In wei. */
  readonly value: bigint
  readonly data: Hex
  /** If it is 1, the code at `to` runs as `from` (delegatecall). */
  readonly operation: 0 | 1
}

/** A call, its meaning, and the calls inside it. */
export type Explained = Call & {
  /**
   * Path of the call: empty for the transaction itself, `0.2` for a call inside
   * it.
   */
  readonly path: string
  readonly meaning: Meaning
  readonly inner: readonly Explained[]
}

export type Meaning =
  /** A call without data, with or without a value. */
  | { readonly kind: 'payment' }
  | {
      readonly kind: 'function'
      readonly signature: Signature
      readonly values: readonly Value[]
    }
  /** Bytes that no known function can decode in canonical form. */
  | {
      readonly kind: 'unknown'
      readonly reason: string
      /**
       * The known function with this selector, which the contract may still
       * execute.
       */
      readonly like: Signature | undefined
    }

/** A call and all calls inside it, from the outside in. */
export function* walk(call: Explained): Generator<Explained> {
  yield call
  for (const inner of call.inner) yield* walk(inner)
}

/** The argument with this name. */
export function argument(
  { meaning }: Explained,
  name: string,
): Value | undefined {
  if (meaning.kind !== 'function') return undefined
  const at = meaning.signature.inputs.findIndex((field) => field.name === name)
  return meaning.values[at]
}
