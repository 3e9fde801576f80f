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
  const lacks = [
    ...(chainId === undefined ? (['chainId'] as const) : []),
    ...(verifyingContract === undefined
      ? (['verifyingContract'] as const)
      : []),
  ]
  const found = findKind(encodeType, declared)
  // The effects in a contract can't be judged without the contract.
  const isOpen =
    found !== undefined && runsCalls.includes(found) && lacks.length > 0
  const kind =
    isOpen || (found === 'PackedUserOperation' && !isReadable(message))
      ? undefined
      : found
  const { fields, values } = toTuple(types, primaryType, message)
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

/** Whether it shows which contract is called before the operation. */
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

/** In the form of a function's arguments: names, types and values in order. */
function toTuple(
  types: Types,
  name: string,
  struct: Readonly<Record<string, unknown>>,
): { fields: Field[]; values: Value[] } {
  const members = types[name] ?? []
  const read = members.map((member) =>
    toValue(types, member.type, struct[member.name]),
  )
  return {
    fields: members.map((member, at) => ({
      name: member.name,
      type: read[at]?.[0] ?? { kind: 'bytes' },
    })),
    values: read.map(([, value]) => value),
  }
}

function toValue(
  types: Types,
  type: string,
  value: unknown,
): [type: Type, value: Value] {
  const array = /^(.+)\[(\d*)\]$/.exec(type)
  if (array !== null) {
    const items = (value as unknown[]).map((item) =>
      toValue(types, array[1] ?? '', item),
    )
    const of = items[0]?.[0] ?? { kind: 'bytes' }
    return [
      { kind: 'array', of, length: undefined },
      items.map(([, item]) => item),
    ]
  }
  if (Object.hasOwn(types, type)) {
    const { fields, values } = toTuple(types, type, value as never)
    return [{ kind: 'tuple', fields }, values]
  }
  const sized = /^(uint|int|bytes)(\d+)$/.exec(type)
  if (sized === null) return [{ kind: type as 'address' }, value as Value]
  const size = Number(sized[2])
  return sized[1] === 'bytes'
    ? [{ kind: 'fixed', size }, value as Value]
    : [{ kind: sized[1] as 'uint', bits: size }, value as Value]
}
