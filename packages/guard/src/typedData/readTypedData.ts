import { type Hex, TypedDataRequest } from '@keyward/core'
import * as OxTypedData from 'ox/TypedData'
import type { Field, Type, Value } from '../abi/Type.js'
import type { TypedDataFacts } from '../actions/Action.js'
import { readInitCode } from '../calls/readInitCode.js'
import { type Kind, kinds } from './kinds.js'

export type TypedDataRead = TypedDataFacts & {
  readonly known: Kind | undefined
  readonly chain: bigint | undefined
  readonly contract: Hex | undefined
  readonly domain: Readonly<Record<string, unknown>>
  readonly message: Readonly<Record<string, unknown>>
  readonly fields: readonly Field[]
  readonly values: readonly Value[]
}

/**
 * Reads typed data by its types, and recognises its kind by the exact type,
 * because a name alone proves nothing.
 *
 * @param declared - The policy's kinds by name: their `encodeType`.
 * @throws InvalidRequestError
 */
export function readTypedData(
  given: unknown,
  declared: ReadonlyMap<string, string>,
): TypedDataRead {
  const { types, domain, primaryType, message } =
    TypedDataRequest.fromJson(given)
  const encodeType = OxTypedData.encodeType({ primaryType, types } as never)
  const { chainId, verifyingContract } = domain
  const lacks = (['chainId', 'verifyingContract'] as const).filter(
    (name) => domain[name] === undefined,
  )
  const found = findKind(encodeType, declared)
  // The effects on a contract can't be judged if the contract is unknown.
  const isOpen =
    found !== undefined && runsCalls.includes(found) && lacks.length > 0
  const kind =
    isOpen || (found === 'PackedUserOperation' && !isReadable(message))
      ? undefined
      : found
  const fields = fieldsOf(types, primaryType)
  const values = toValues(types, primaryType, message)
  return {
    ...{ kind, primaryType, encodeType, lacks, domain },
    ...{ message, fields, values },
    known:
      kind !== undefined && Object.hasOwn(kinds, kind)
        ? kinds[kind]
        : undefined,
    chain: typeof chainId === 'bigint' ? chainId : undefined,
    contract: verifyingContract as Hex | undefined,
  }
}

/** Whether `initCode` shows which contract is called before the operation. */
const isReadable = ({ initCode, sender }: Readonly<Record<string, unknown>>) =>
  readInitCode(initCode as Hex, sender as Hex, sender as Hex) !== undefined

const runsCalls = ['SafeTx', 'PackedUserOperation']

function findKind(
  encodeType: string,
  declared: ReadonlyMap<string, string>,
): string | undefined {
  for (const [name, kind] of Object.entries(kinds))
    if (
      typeof kind.encodeType === 'string'
        ? kind.encodeType === encodeType
        : kind.encodeType.test(encodeType)
    )
      return name
  for (const [name, type] of declared) if (type === encodeType) return name
  return undefined
}

type Types = Readonly<
  Record<string, readonly { readonly name: string; readonly type: string }[]>
>

/**
 * The fields in the form of a function's arguments: names and types in order.
 * Only the declared types count, because values don't show the type of an empty
 * list. A struct that contains itself refers to the same array of fields.
 */
function fieldsOf(
  types: Types,
  name: string,
  structs = new Map<string, Field[]>(),
): Field[] {
  const known = structs.get(name)
  if (known !== undefined) return known
  const fields: Field[] = []
  structs.set(name, fields)
  for (const member of types[name] ?? [])
    fields.push({ name: member.name, type: typeOf(member.type) })
  return fields

  function typeOf(type: string): Type {
    const item = itemOf(type)
    if (item !== undefined)
      return { kind: 'array', of: typeOf(item), length: undefined }
    if (Object.hasOwn(types, type))
      return { kind: 'tuple', fields: fieldsOf(types, type, structs) }
    const sized = /^(uint|int|bytes)(\d+)$/.exec(type)
    if (sized === null) return { kind: type as 'address' }
    const [, kind, size] = sized
    return kind === 'bytes'
      ? { kind: 'fixed', size: Number(size) }
      : { kind: kind as 'uint', bits: Number(size) }
  }
}

/** The values in the order of their types' fields. */
function toValues(
  types: Types,
  name: string,
  struct: Readonly<Record<string, unknown>>,
): Value[] {
  return (types[name] ?? []).map(({ name, type }) =>
    toValue(type, struct[name]),
  )

  function toValue(type: string, value: unknown): Value {
    const item = itemOf(type)
    if (item !== undefined)
      return (value as unknown[]).map((one) => toValue(item, one))
    return Object.hasOwn(types, type)
      ? toValues(types, type, value as never)
      : (value as Value)
  }
}

/** The type of an array's items. */
const itemOf = (type: string) => /^(.+)\[\d*\]$/.exec(type)?.[1]
