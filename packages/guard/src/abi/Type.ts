/** The Solidity ABI types that are needed to decode calls. */
export type Type =
  | { readonly kind: 'address' | 'bool' | 'bytes' | 'string' }
  | { readonly kind: 'uint' | 'int'; readonly bits: number }
  /** `bytes4`, left-aligned. */
  | { readonly kind: 'fixed'; readonly size: number }
  | {
      readonly kind: 'array'
      readonly of: Type
      readonly length: number | undefined
    }
  | { readonly kind: 'tuple'; readonly fields: readonly Field[] }

export type Field = { readonly name: string; readonly type: Type }

/** Bytes and addresses as lower-case hex, numbers as bigint. */
export type Value = string | bigint | boolean | readonly Value[]

/** Whether the head contains an offset to the value, not the value itself. */
export function isDynamic(type: Type): boolean {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return true
    case 'array':
      return type.length === undefined || isDynamic(type.of)
    case 'tuple':
      return type.fields.some((field) => isDynamic(field.type))
    default:
      return false
  }
}

/** In words of 32 bytes. */
export function headSize(type: Type): number {
  if (isDynamic(type)) return 1
  if (type.kind === 'array') return (type.length ?? 0) * headSize(type.of)
  if (type.kind === 'tuple')
    return type.fields.reduce((sum, field) => sum + headSize(field.type), 0)
  return 1
}

/** The type as Solidity writes it in the signature that a selector hashes. */
export function format(type: Type): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'fixed':
      return `bytes${type.size}`
    case 'array':
      return `${format(type.of)}[${type.length ?? ''}]`
    case 'tuple':
      return `(${type.fields.map((field) => format(field.type)).join(',')})`
    default:
      return type.kind
  }
}
