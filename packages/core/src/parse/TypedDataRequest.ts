import * as DomainType from './DomainType.js'
import * as Fields from './Fields.js'
import * as Problems from './Problems.js'
import * as Quote from './Quote.js'
import * as TypedDataType from './TypedDataType.js'
import * as TypedDataValue from './TypedDataValue.js'

/** Checked EIP-712 typed data. */
export type TypedData = {
  types: TypedDataValue.Types
  domain: Record<string, unknown>
  primaryType: string
  message: Record<string, unknown>
}

const domainType = 'EIP712Domain'
const known = ['types', 'domain', 'primaryType', 'message']
const typeText =
  'address, bool, string, bytes, bytes1 to bytes32, uint8 to uint256, int8 to int256 (no uint or int), a struct of types, or an array of these'

/**
 * Reads EIP-712 typed data in JSON, `{ types, domain, primaryType, message }`.
 * Every value is checked against its type. Undeclared fields are refused, also
 * in the domain, because an approver would see them even though they aren't
 * signed. Returns integers as bigint and addresses and bytes in lower case; the
 * types always include the domain's.
 *
 * @throws InvalidRequestError listing everything that is wrong.
 */
export function fromJson(value: unknown): TypedData {
  const problems = Problems.create('typed data')
  const fields = Fields.open(value, known, '', problems)
  const typedData = fields === undefined ? undefined : read(fields, problems)
  problems.assertNone()
  // If there are no problems, everything has been read.
  return typedData as TypedData
}

function read(
  fields: Fields.Fields,
  problems: Problems.Problems,
): TypedData | undefined {
  const given = readTypes(fields.raw('types'), problems)
  const types = declareDomain(given, fields.raw('domain'), problems)
  const domain = readDomain(fields.raw('domain'), types, problems)
  const primaryType = fields.raw('primaryType')
  if (
    typeof primaryType !== 'string' ||
    primaryType === domainType ||
    !Object.hasOwn(types, primaryType)
  ) {
    const names = Object.keys(types).filter((name) => name !== domainType)
    return problems.wrong(
      'primaryType',
      primaryType,
      names.length === 0
        ? 'the name of a struct in "types"'
        : names.slice(0, 20).map(Quote.name).join(', '),
    )
  }
  const message = TypedDataValue.parse(
    primaryType,
    fields.raw('message'),
    'message',
    problems,
    types,
  ) as Record<string, unknown>
  return { types, domain, primaryType, message }
}

function readTypes(
  value: unknown,
  problems: Problems.Problems,
): TypedDataValue.Types {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.wrong('types', value, 'a JSON object that defines the structs')
    return {}
  }
  const types: TypedDataValue.Types = {}
  for (const [name, raw] of Object.entries(value)) {
    const path = Fields.join('types', name)
    if (!isName(name) || TypedDataType.parse(name)?.kind !== 'struct')
      problems.add(path, 'is not allowed as the name of a struct')
    else types[name] = readMembers(raw, path, problems)
  }
  for (const [name, members] of Object.entries(types))
    for (const [index, { name: field, type }] of members.entries()) {
      const struct = TypedDataType.structOf(type)
      const standard = name === domainType && DomainType.typeOf(field)
      // An invalid type was already reported, and is empty here.
      const allowed =
        struct !== undefined && !Object.hasOwn(types, struct)
          ? typeText
          : (type && standard) || type
      if (allowed !== type)
        problems.wrong(`types.${name}[${index}].type`, type, allowed)
    }
  return types
}

function readMembers(
  value: unknown,
  path: string,
  problems: Problems.Problems,
): { name: string; type: string }[] {
  const members = Fields.list(readMember, 1000)(value, path, problems) ?? []
  const names = new Set<string>()
  for (const [index, { name }] of members.entries()) {
    if (names.has(name))
      problems.add(
        `${path}[${index}].name`,
        'is also the name of another field',
      )
    names.add(name)
  }
  return members
}

function readMember(value: unknown, path: string, problems: Problems.Problems) {
  const fields = Fields.open(value, ['name', 'type'], path, problems)
  if (fields === undefined) return undefined
  const name = fields.raw('name')
  const type = fields.raw('type')
  if (!isName(name))
    problems.wrong(fields.path('name'), name, 'a name such as "amount"')
  if (!isType(type)) problems.wrong(fields.path('type'), type, allowedFor(type))
  // A field with an invalid type still counts as declared: its value is
  // unchecked, not unknown.
  return isName(name) ? { name, type: isType(type) ? type : '' } : undefined
}

/**
 * Solidity's short names are the usual mistake, so this suggests their long
 * form.
 */
function allowedFor(type: unknown): string {
  const [, short, array = ''] =
    (typeof type === 'string' &&
      /^(u?int)((?:\[\d{0,6}\]){0,4})$/.exec(type)) ||
    []
  return short === undefined
    ? typeText
    : `${short}256${array} (EIP-712 has no ${short}, and wallets differ in how they hash it)`
}

function readDomain(
  value: unknown,
  types: TypedDataValue.Types,
  problems: Problems.Problems,
): Record<string, unknown> {
  const domain = TypedDataValue.parse(
    domainType,
    value,
    'domain',
    problems,
    types,
  )
  return domain as Record<string, unknown>
}

/**
 * The types, including the domain's. If the domain's type is not declared, it
 * consists of the standard fields that the domain has.
 */
function declareDomain(
  types: TypedDataValue.Types,
  domain: unknown,
  problems: Problems.Problems,
): TypedDataValue.Types {
  if (types[domainType] !== undefined) return types
  if (typeof domain !== 'object' || domain === null)
    return { ...types, [domainType]: DomainType.fields }
  const fields = DomainType.fields.filter(({ name }) =>
    Object.hasOwn(domain, name),
  )
  // viem and ox omit an empty version from the type; ethers keeps it. The same
  // data would have two hashes.
  if ('version' in domain && domain.version === '')
    problems.wrong(
      'domain.version',
      '',
      `no version, a non-empty one, or ${domainType} declared in types (wallets hash an empty version in two ways)`,
    )
  return { ...types, [domainType]: fields }
}

function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 255 &&
    value !== '__proto__' &&
    TypedDataType.identifier.test(value)
  )
}

function isType(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 300) return false
  const parsed = TypedDataType.parse(value)
  if (parsed?.kind === 'array') return isType(parsed.item)
  return parsed !== undefined && (parsed.kind !== 'struct' || isName(value))
}
