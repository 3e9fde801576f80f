import { quote } from '@keyward/core/errors'
import { assertCurve } from '../der/curve.js'
import { readElements } from '../der/Der.js'
import { readPkcs8 } from '../der/pkcs8.js'
import { readSec1 } from '../der/sec1.js'
import { decryptPem } from '../encoding/encryptedPem.js'
import { type PemBlock, readPem } from '../encoding/Pem.js'
import { KeyFileError } from '../KeyFileError.js'
import { wipe } from '../wipe.js'
import type { Candidate } from './Candidate.js'
import { fromEncryptedPkcs8, plain, readDecrypted } from './fromDer.js'

const parameters = 'EC PARAMETERS'

/** PEM with one key. OpenSSL may put the curve in a block before it. */
export function fromPem(text: Buffer): Candidate {
  const blocks = readPem(text)
  const dispose = () => wipe(...blocks.map(({ der }) => der))
  try {
    return choose(blocks, dispose)
  } catch (error) {
    dispose()
    throw error
  }
}

function choose(blocks: readonly PemBlock[], dispose: () => void): Candidate {
  const [first] = blocks
  const named = first?.label === parameters
  if (named) assertCurve(onlyElement(first.der), 'The block EC PARAMETERS')
  const [block, ...more] = named ? blocks.slice(1) : blocks
  if (block === undefined)
    throw new KeyFileError(
      'The PEM file contains curve parameters but no key.',
      'To create a key, pass -genkey to openssl ecparam.',
    )
  if (more.length > 0)
    throw new KeyFileError(
      `The PEM file contains another block, ${quote(more[0]?.label ?? '')}, after the key.`,
      'A key file must contain one key and nothing after it. Put the key ' +
        'into a separate file.',
    )
  if (block.headers.length > 0 && block.label !== 'EC PRIVATE KEY')
    throw new KeyFileError(
      `The PEM block ${quote(block.label)} has headers, which are allowed only in "EC PRIVATE KEY".`,
      'Rewrite the key with OpenSSL: openssl pkey -in FILE -out NEW.',
    )
  switch (block.label) {
    case 'EC PRIVATE KEY':
      return fromEcPrivateKey(block, named ? 'optional' : 'required', dispose)
    case 'PRIVATE KEY':
      return plain('pkcs8', () => readPkcs8(block.der), dispose)
    case 'ENCRYPTED PRIVATE KEY':
      return fromEncryptedPkcs8(block.der, dispose)
    default:
      throw new KeyFileError(
        `The PEM file contains ${quote(block.label)} instead of a secp256k1 private key.`,
        'Allowed: "EC PRIVATE KEY", "PRIVATE KEY" and "ENCRYPTED PRIVATE KEY".',
      )
  }
}

function fromEcPrivateKey(
  block: PemBlock,
  curve: 'required' | 'optional',
  dispose: () => void,
): Candidate {
  if (block.headers.length === 0)
    return plain('sec1', () => readSec1(block.der, curve), dispose)
  return {
    format: 'sec1',
    encrypted: true,
    async read(asks) {
      const password = await asks.password('Password of the key file')
      try {
        const inside = decryptPem(block, password)
        return {
          ...readDecrypted(inside, (der) => readSec1(der, curve)),
          warnings: [weak],
        }
      } finally {
        wipe(password)
      }
    },
    dispose,
  }
}

const weak =
  'The PEM file uses encryption from 1993, with a single round of MD5, so its ' +
  "password is quick to guess. Don't keep backups in this format."

function onlyElement(der: Buffer) {
  const elements = readElements(der, 'The block EC PARAMETERS')
  return elements.length === 1 ? elements[0] : undefined
}
