import * as awsJson from '../../protocol/awsJson.js'
import { AwsError } from '../../protocol/Service.js'
import type { Member, Members } from './Member.js'

/**
 * Reads the JSON body of a request into the types of its members. Like AWS, it
 * ignores unknown members and treats null as absent.
 *
 * @throws AwsError SerializationException for a body that is not a JSON object,
 *   or a member of the wrong JSON type.
 */
export const readInput = (
  members: Members,
  body: Uint8Array,
): Record<string, unknown> => readStructure(members, awsJson.parse(body))

const readStructure = (members: Members, value: unknown) => {
  if (!isObject(value)) throw notConvertible(value, 'structure')
  const read: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(members)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given === undefined || given === null) continue
    read[name] = readMember(member, given)
  }
  return read
}

const readMember = (member: Member, value: unknown): unknown => {
  switch (member.type) {
    case 'string':
      if (typeof value === 'string') return value
      throw notConvertible(value, 'String')
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw notConvertible(value, 'Boolean')
    case 'integer':
      if (Number.isSafeInteger(value)) return value
      throw notConvertible(value, 'Integer')
    case 'timestamp':
      // Seconds since 1970. JavaScript clients send fractions.
      if (typeof value === 'number') return Math.round(value * 1000)
      throw notConvertible(value, 'Timestamp')
    case 'blob':
      if (typeof value === 'string') return readBase64(value)
      throw notConvertible(value, 'Blob')
    case 'list':
      if (Array.isArray(value))
        return value.map((item) => readMember(member.member, item))
      throw notConvertible(value, 'List')
    case 'map':
      if (isObject(value)) return value
      throw notConvertible(value, 'Map')
    case 'structure':
      return readStructure(member.members, value)
  }
}

const base64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const readBase64 = (text: string): Buffer => {
  if (!base64.test(text))
    throw new AwsError('SerializationException', 'Invalid Base64 value')
  return Buffer.from(text, 'base64')
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const notConvertible = (value: unknown, wanted: string): AwsError =>
  new AwsError('SerializationException', notConvertibleText(value, wanted))

const notConvertibleText = (value: unknown, wanted: string): string => {
  if (Array.isArray(value)) return 'Start of list found where not expected'
  if (isObject(value))
    return 'Start of structure or map found where not expected.'
  const token =
    typeof value === 'boolean'
      ? `${value}`.toUpperCase()
      : value === null
        ? 'NULL'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'NUMBER'
            : 'DECIMAL'
          : 'STRING'
  return `${token}_VALUE cannot be converted to ${wanted}`
}
