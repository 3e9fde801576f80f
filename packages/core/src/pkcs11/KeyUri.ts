import { Pkcs11KeyError } from './errors.js'

/**
 * The attributes that identify a key on its token; undefined ones are ignored.
 */
export type KeyUri = {
  /** CKA_LABEL. */
  label?: string | undefined
  /** CKA_ID. */
  id?: Uint8Array | undefined
  token?: string | undefined
  serial?: string | undefined
}

/**
 * Parses a key's name: a label, or a PKCS#11 URI (RFC 7512) with `object`,
 * `id`, `token`, `serial` and `type=private`.
 *
 * @throws Pkcs11KeyError
 * @example
 * KeyUri.parse('pkcs11:token=treasury;id=%01') // { token: 'treasury', id: [1] }
 */
export function parse(keyId: string): KeyUri {
  if (!/^pkcs11:/i.test(keyId)) {
    if (keyId === '') throw new Pkcs11KeyError('', 'the name is empty')
    return { label: keyId }
  }
  if (keyId.includes('?'))
    throw new Pkcs11KeyError(
      keyId,
      "a URI can't have a query (the part after ?); set the library and the PIN separately",
    )
  const uri: KeyUri = {}
  for (const part of keyId.slice('pkcs11:'.length).split(';')) {
    const [name = '', value] = part.split(/=(.*)/s)
    const bytes = value === undefined ? undefined : decode(value)
    if (bytes === undefined)
      throw new Pkcs11KeyError(
        keyId,
        name === ''
          ? 'one of its parts is empty'
          : `the value of ${name} is not valid`,
      )
    const text = bytes.toString('utf8')
    const isNew = (member: keyof KeyUri) => uri[member] === undefined
    if (name === 'id' && isNew('id')) uri.id = bytes
    else if (name === 'object' && isNew('label')) uri.label = text
    else if (name === 'token' && isNew('token')) uri.token = text
    else if (name === 'serial' && isNew('serial')) uri.serial = text
    else if (name !== 'type' || text !== 'private')
      throw new Pkcs11KeyError(
        keyId,
        `${name}= is not allowed or is repeated; allowed: object, id, token and serial, each once, and type=private`,
      )
  }
  if (uri.label === undefined && uri.id === undefined)
    throw new Pkcs11KeyError(keyId, 'it has neither object nor id')
  return uri
}

/**
 * A key's full name, which stays the same as long as the key exists. Keys made
 * by other programs may have no label or no id.
 */
export function format(uri: Required<KeyUri>): string {
  const parts = [
    ['token', encodeURIComponent(uri.token ?? '')],
    ['serial', encodeURIComponent(uri.serial ?? '')],
    ['id', toPercent(uri.id ?? new Uint8Array())],
    ['object', encodeURIComponent(uri.label ?? '')],
  ]
  const known = parts.filter(([, value]) => value !== '')
  return `pkcs11:${known.map((part) => part.join('=')).join(';')}`
}

/** The name of the key with this CKA_ID. */
export function fromId(id: Uint8Array): string {
  return `pkcs11:id=${toPercent(id)}`
}

function toPercent(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('')
}

/** Undefined if a percent sign is not followed by two hex digits. */
function decode(text: string): Buffer | undefined {
  if (text === '' || /%(?![0-9a-f]{2})/i.test(text)) return undefined
  const parts = text.match(/%[0-9a-f]{2}|[^%]+/gi) ?? []
  return Buffer.concat(
    parts.map((part) =>
      part.startsWith('%')
        ? Buffer.from(part.slice(1), 'hex')
        : Buffer.from(part, 'utf8'),
    ),
  )
}
