import type { Signature } from '../../abi/Signature.js'
import type { Field } from '../../abi/Type.js'
import { known } from '../../calls/explain.js'
import { fieldsOfType } from '../../typedData/fieldsOfType.js'
import { kinds } from '../../typedData/kinds.js'
import type { CallRule, TypedDataRule } from '../Policy.js'

/** A function or a kind of typed data whose arguments a rule can name. */
export type Candidate = {
  readonly name: string
  readonly inputs: readonly Field[]
}

/**
 * All functions and kinds that a rule with arguments can apply to.
 *
 * @returns undefined if the fields are not known in advance: for kinds with a
 * witness, and for a rule that denies all typed data
 */
export function candidatesOf(
  what: CallRule | TypedDataRule,
  declared: {
    readonly functions: readonly Signature[]
    readonly types: ReadonlyMap<string, string>
  },
): readonly Candidate[] | undefined {
  if (what.kind === 'call')
    return [
      ...new Set(what.functions ?? [...known.values(), ...declared.functions]),
    ].map(({ text, inputs }) => ({ name: text, inputs }))
  const found = what.kinds?.map((name) => ({
    name,
    inputs: inputsOf(name, declared.types),
  }))
  return found?.every(({ inputs }) => inputs.length > 0) ? found : undefined
}

function inputsOf(
  kind: string,
  types: ReadonlyMap<string, string>,
): readonly Field[] {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  const text = known?.encodeType ?? types.get(kind)
  return typeof text === 'string' ? fieldsOfType(text) : []
}
