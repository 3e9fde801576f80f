/** The meaning of an EIP-712 type name. */
export type TypedDataType =
  | { kind: 'uint' | 'int'; bits: number }
  | { kind: 'bytes'; size: number | undefined }
  | { kind: 'address' | 'bool' | 'string' }
  | { kind: 'array'; item: string; length: number | undefined }
  | { kind: 'struct'; name: string }

/** A valid field name. */
export const identifier = /^[A-Za-z_$][A-Za-z0-9_$]*$/

/**
 * Struct names can't contain `$`: libraries stop at it when resolving
 * dependencies.
 */
const structName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * Parses a type name. `uint` and `int` are not EIP-712 types: signers that
 * accept them disagree on whether they are hashed as `uint256`.
 *
 * @returns `undefined` if it is not an elementary type, an array or a name.
 */
export function parse(type: string): TypedDataType | undefined {
  const array = /^(.+)\[([1-9][0-9]{0,5})?\]$/.exec(type)
  if (array !== null)
    return {
      kind: 'array',
      item: array[1] ?? '',
      length: array[2] === undefined ? undefined : Number(array[2]),
    }
  if (type === 'address' || type === 'bool' || type === 'string')
    return { kind: type }
  if (type === 'bytes') return { kind: 'bytes', size: undefined }
  const sized = /^(uint|int|bytes)([0-9]*)$/.exec(type)
  if (sized === null)
    return structName.test(type) ? { kind: 'struct', name: type } : undefined
  const size = Number(sized[2])
  if (sized[2] !== String(size)) return undefined
  if (sized[1] === 'bytes')
    return size >= 1 && size <= 32 ? { kind: 'bytes', size } : undefined
  if (size < 8 || size > 256 || size % 8 !== 0) return undefined
  return { kind: sized[1] === 'int' ? 'int' : 'uint', bits: size }
}

/**
 * The struct in a type: the type itself, or the innermost element of an array.
 */
export function structOf(type: string): string | undefined {
  const parsed = parse(type)
  if (parsed?.kind === 'array') return structOf(parsed.item)
  return parsed?.kind === 'struct' ? parsed.name : undefined
}
