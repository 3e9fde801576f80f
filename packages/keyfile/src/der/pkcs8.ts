import { copyAgain, createAnother, KeyFileError } from '../KeyFileError.js'
import { assertCurve } from './curve.js'
import {
  type Element,
  readElements,
  readInteger,
  readOnly,
  tag,
} from './Der.js'
import { algorithmName, oid } from './oids.js'
import { assertPoint, type ParsedKey, proven, readSec1 } from './sec1.js'

/** [1] publicKey of RFC 5958, implicit BIT STRING. */
const publicKeyV2 = 0x81

/**
 * Reads a secp256k1 private key in PKCS#8: RFC 5208, and the second version in
 * RFC 5958, which can contain the public key.
 *
 * @throws KeyFileError
 */
export function readPkcs8(der: Buffer, what = 'The PKCS#8 key'): ParsedKey {
  const [version, algorithm, secret, ...options] = readElements(
    readOnly(der, tag.sequence, what),
    what,
  )
  const number = readInteger(version, what)
  if (number > 1)
    throw new KeyFileError(`${what} has an unknown version.`, copyAgain)
  assertAlgorithm(algorithm, what)
  if (secret?.tag !== tag.octetString)
    throw new KeyFileError(`${what} contains no private key.`, copyAgain)
  const outerKey = readOptions(options, number, what)
  const inner = readSec1(secret.content, 'optional', what)
  if (outerKey === undefined) return inner
  return proven(inner.key, () => assertPoint(outerKey, inner.key, what))
}

function assertAlgorithm(algorithm: Element | undefined, what: string): void {
  if (algorithm?.tag !== tag.sequence)
    throw new KeyFileError(
      `${what} doesn't say what kind of key it is.`,
      copyAgain,
    )
  const [type, curve, ...more] = readElements(algorithm.content, what)
  if (type?.tag !== tag.oid || more.length > 0)
    throw new KeyFileError(
      `${what} doesn't say what kind of key it is.`,
      copyAgain,
    )
  if (type.content.toString('hex') !== oid.idEcPublicKey)
    throw new KeyFileError(
      `${what} is ${algorithmName(type.content)}, but Ethereum keys are on the curve secp256k1.`,
      createAnother,
    )
  assertCurve(curve, what)
}

/** [0] attributes, which don't describe the key, then [1] public key. */
function readOptions(
  options: readonly Element[],
  version: number,
  what: string,
): Buffer | undefined {
  const rest = options[0]?.tag === tag.context0 ? options.slice(1) : options
  const [last] = rest
  if (last === undefined) return undefined
  if (rest.length > 1 || version !== 1 || last.tag !== publicKeyV2)
    throw new KeyFileError(`${what} contains unexpected fields.`, copyAgain)
  return last.content
}
