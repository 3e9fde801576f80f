import { authorizeKey, type Conditions } from './authorizeCall.js'
import { findKeyId, getKey, type KeyForm } from './findKey.js'
import type { Key } from './Key.js'
import type { Call } from './KmsContext.js'
import type { Input, Members } from './validation/Member.js'

type Answer = object | undefined
type MaybePromise<T> = T | Promise<T>

/** One operation: what its body may hold, and what it does. */
export type Action = {
  readonly input: Members
  /** Counts against the shared rate of cryptographic operations. */
  readonly cryptographic?: boolean | undefined
  /** Answers undefined where AWS answers an empty body. */
  run(call: Call, input: Record<string, unknown>): MaybePromise<Answer>
}

/** An operation that asks the policies itself. */
export const defineAction = <const M extends Members>(action: {
  input: M
  cryptographic?: boolean
  run(call: Call, input: Input<M>): MaybePromise<Answer>
}): Action => action as unknown as Action

/** An operation on one key, which its input names. */
export const defineKeyAction = <const M extends Members>(definition: {
  input: M
  cryptographic?: boolean
  form: KeyForm
  keyIdOf(input: Input<M>): string
  /** It changes the key, so such calls on one key run one by one. */
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

/** The alias's name, if the request named the key by it. */
const requestAlias = (given: string): Conditions => {
  const name = /(?:^|:)(alias\/.*)$/.exec(given)?.[1]
  return name === undefined ? {} : { 'kms:RequestAlias': name }
}
