import { authorizeKey, type Conditions } from './authorizeCall.js'
import { findKeyId, getKey, type KeyForm } from './findKey.js'
import type { Key } from './Key.js'
import type { Call } from './KmsContext.js'
import type { Input, Members } from './validation/Member.js'

type Answer = object | undefined
type MaybePromise<T> = T | Promise<T>

/** An operation: the members of its request body, and its implementation. */
export type Action = {
  readonly input: Members
  /** Whether it counts towards the shared rate of cryptographic operations. */
  readonly cryptographic?: boolean | undefined
  /** Returns undefined if AWS answers with an empty body. */
  run(call: Call, input: Record<string, unknown>): MaybePromise<Answer>
}

/** An operation that checks the policies itself. */
export const defineAction = <const M extends Members>(action: {
  input: M
  cryptographic?: boolean
  run(call: Call, input: Input<M>): MaybePromise<Answer>
}): Action => action as unknown as Action

/** An operation on a key, which is named in the input. */
export const defineKeyAction = <const M extends Members>(definition: {
  input: M
  cryptographic?: boolean
  form: KeyForm
  keyIdOf(input: Input<M>): string
  /**
   * Whether it changes the key. Such calls on the same key run one at a time.
   */
  exclusive?: boolean
  conditions?(input: Input<M>, key: Key): Conditions
  run(call: Call, key: Key, input: Input<M>): MaybePromise<Answer>
}): Action =>
  defineAction<M>({
    input: definition.input,
    ...(definition.cryptographic && { cryptographic: true }),
    run: (call, input) => {
      const given = definition.keyIdOf(input)
      const keyId = findKeyId(call, given, definition.form)
      const run = (): MaybePromise<Answer> => {
        const key = getKey(call, keyId)
        authorizeKey(call, key, {
          ...(definition.form === 'key-or-alias' && requestAlias(given)),
          ...definition.conditions?.(input, key),
        })
        return definition.run(call, key, input)
      }
      return definition.exclusive
        ? call.kms.lock(`key ${keyId}`, async () => run())
        : run()
    },
  })

/** The alias, if the request named the key by its alias. */
const requestAlias = (given: string): Conditions => {
  const name = /(?:^|:)(alias\/.*)$/.exec(given)?.[1]
  return name === undefined ? {} : { 'kms:RequestAlias': name }
}
