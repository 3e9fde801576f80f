import { parse } from '../abi/Signature.js'
import type { Field } from '../abi/Type.js'

/**
 * The fields of a struct in its `encodeType`: `Mail(Person from)Person(address
 * wallet)`. A missing type has no fields.
 *
 * @param text - As EIP-712 encodes it.
 */
export function fieldsOfType(text: string): readonly Field[] {
  const structs = new Map(
    [...text.matchAll(/([A-Za-z_]\w*)\(([^)]*)\)/g)].map(
      ([, name = '', members = '']) => [name, members] as const,
    ),
  )
  const expand = (members: string, depth: number): string =>
    members
      .split(',')
      .map((member) => {
        const [, type = '', rest = ''] = /^\s*(\w+)(.*)$/.exec(member) ?? []
        const inner = structs.get(type)
        return inner === undefined || depth > 8
          ? member
          : `(${expand(inner, depth + 1)})${rest}`
      })
      .join(',')
  const [members = ''] = structs.values()
  try {
    return parse(`kind(${expand(members, 0)})`).inputs
  } catch {
    return []
  }
}
