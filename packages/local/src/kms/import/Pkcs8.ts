import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type Element, readElement, readElements } from './Der.js'

const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  attributes: 0xa0,
  publicKeyV2: 0x81,
  curve: 0xa0,
  publicKey: 0xa1,
} as const

const idEcPublicKey = Buffer.from('2a8648ce3d0201', 'hex')
const secp256k1Oid = Buffer.from('2b8104000a', 'hex')

/**
 * The reason why key material is refused. It reveals nothing about the bytes.
 */
export type Refusal = { refused: string }

/**
 * Reads a secp256k1 private key from PKCS#8 (RFC 5208, and version 2 of RFC
 * 5958) in strict DER: a named curve, a 32-byte key in 1..n-1, and, if present,
 * the matching public key. Returns a copy of the 32 bytes.
 */
export const readPrivateKey = (
  pkcs8: Uint8Array,
): { privateKey: Uint8Array; publicKey: Uint8Array } | Refusal => {
  const outer = only(pkcs8, tag.sequence)
  const [version, algorithm, octets, ...options] =
    (outer && readElements(outer.content)) ?? []
  if (
    version?.tag !== tag.integer ||
    algorithm?.tag !== tag.sequence ||
    octets?.tag !== tag.octetString
  )
    return refuse('it is not a PKCS #8 private key in DER')
  const v2 = isInteger(version, 1)
  if (!v2 && !isInteger(version, 0))
    return refuse('its PKCS #8 version is neither 1 nor 2')

  const [type, curve, ...more] = readElements(algorithm.content) ?? []
  if (!isOid(type, idEcPublicKey))
    return refuse('its algorithm is not id-ecPublicKey')
  if (!isOid(curve, secp256k1Oid) || more.length > 0)
    return refuse('its curve is not named secp256k1 (1.3.132.0.10)')

  const tags = options.map((option) => option.tag)
  if (!inOrder(tags, v2 ? [tag.attributes, tag.publicKeyV2] : [tag.attributes]))
    return refuse('there are members that PKCS #8 does not have')
  const keys = options
    .filter((option) => option.tag === tag.publicKeyV2)
    .map((option) => option.content)
  return readEcPrivateKey(octets.content, keys)
}

/** ECPrivateKey of RFC 5915. */
const readEcPrivateKey = (bytes: Uint8Array, publicKeys: Uint8Array[]) => {
  const outer = only(bytes, tag.sequence)
  const [version, secret, ...options] =
    (outer && readElements(outer.content)) ?? []
  if (
    !version ||
    !isInteger(version, 1) ||
    secret?.tag !== tag.octetString ||
    !inOrder(
      options.map((option) => option.tag),
      [tag.curve, tag.publicKey],
    )
  )
    return refuse('it contains no ECPrivateKey of version 1')
  const embedded = [...publicKeys]
  for (const option of options) {
    if (option.tag === tag.curve) {
      if (!isOid(only(option.content, tag.oid), secp256k1Oid))
        return refuse('its inner curve is not named secp256k1')
    } else {
      const bits = only(option.content, tag.bitString)
      if (!bits) return refuse('its public key is not a BIT STRING')
      embedded.push(bits.content)
    }
  }
  if (secret.content.length !== 32 || !isScalar(secret.content))
    return refuse('its private key is not 32 bytes in 1..n-1')
  const publicKey = secp256k1.getPublicKey(secret.content, false)
  for (const bits of embedded)
    if (!isPoint(bits, publicKey))
      return refuse('its public key does not belong to its private key')
  return { privateKey: Uint8Array.from(secret.content), publicKey }
}

const refuse = (refused: string): Refusal => ({ refused })

const only = (bytes: Uint8Array, wanted: number): Element | undefined => {
  const element = readElement(bytes)
  return element?.tag === wanted && element.rest.length === 0
    ? element
    : undefined
}

const isInteger = (element: Element, value: number): boolean =>
  element.tag === tag.integer &&
  element.content.length === 1 &&
  element.content[0] === value

const isOid = (element: Element | undefined, oid: Uint8Array): boolean =>
  element?.tag === tag.oid && equal(element.content, oid)

const isScalar = (bytes: Uint8Array): boolean =>
  secp256k1.utils.isValidSecretKey(bytes)

/**
 * The content of a BIT STRING: no unused bits, followed by either form of the
 * point.
 */
const isPoint = (bits: Uint8Array, publicKey: Uint8Array): boolean => {
  const point = bits.subarray(1)
  if (bits[0] !== 0) return false
  if (point.length === 65) return equal(point, publicKey)
  const y = publicKey[64] ?? 0
  return (
    point.length === 33 &&
    point[0] === (y & 1 ? 3 : 2) &&
    equal(point.subarray(1), publicKey.subarray(1, 33))
  )
}

/** Whether optional members occur at most once and in order. */
const inOrder = (tags: number[], allowed: number[]): boolean => {
  let next = 0
  for (const found of tags) {
    const index = allowed.indexOf(found, next)
    if (index < 0) return false
    next = index + 1
  }
  return true
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  Buffer.compare(a, b) === 0
