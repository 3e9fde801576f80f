import { createECDH, createHmac, pbkdf2Sync } from 'node:crypto'
import { allocate } from '../allocate.js'
import { KeyFileError } from '../KeyFileError.js'
import { fromScalar, type PrivateKey } from '../PrivateKey.js'
import { wipe } from '../wipe.js'
import { addModOrder, isScalar } from './scalar.js'

/** A node of the BIP-32 tree: its private key and its chain code. */
type Node = { key: Buffer; chainCode: Buffer }

/**
 * Derives the key at a path below a recovery phrase, with BIP-39's seed and
 * BIP-32's tree. It works on bytes, which can be zeroed; the usual libraries
 * leave bigints behind.
 *
 * @param phrase - As readMnemonic returns it.
 * @param passphrase - In UTF-8 and NFKD; empty for none.
 * @param path - Indexes; hardened ones start at 2^31.
 */
export function deriveFromMnemonic(
  phrase: Buffer,
  passphrase: Buffer,
  path: readonly number[],
): PrivateKey {
  const salt = allocate(8 + passphrase.length)
  salt.write('mnemonic', 'ascii')
  passphrase.copy(salt, 8)
  const seed = pbkdf2Sync(phrase, salt, 2048, 64, 'sha512')
  wipe(salt)
  const node = deriveNode(seed, path)
  wipe(seed, node.chainCode)
  return fromScalar(node.key)
}

/** @param seed - 16 to 64 bytes. */
function deriveNode(seed: Buffer, path: readonly number[]): Node {
  let node = split(hmac(Buffer.from('Bitcoin seed'), seed))
  for (const index of path) {
    const parent = node
    try {
      node = deriveChild(parent, index)
    } finally {
      wipe(parent.key, parent.chainCode)
    }
  }
  return node
}

function deriveChild(parent: Node, index: number): Node {
  const data = allocate(37)
  if (index >= 2 ** 31) parent.key.copy(data, 1)
  else compressedPublicKey(parent.key).copy(data)
  data.writeUInt32BE(index, 33)
  const { key: tweak, chainCode } = split(hmac(parent.chainCode, data))
  wipe(data)
  const key = addModOrder(tweak, parent.key)
  wipe(tweak)
  if (isScalar(key)) return { key, chainCode }
  throw hasNoKey()
}

function split(output: Buffer): Node {
  const node = { key: allocate(32), chainCode: allocate(32) }
  output.copy(node.key, 0, 0, 32)
  output.copy(node.chainCode, 0, 32)
  wipe(output)
  if (isScalar(node.key)) return node
  throw hasNoKey()
}

function hmac(key: Buffer, data: Buffer): Buffer {
  return createHmac('sha512', key).update(data).digest()
}

function compressedPublicKey(key: Buffer): Buffer {
  const ecdh = createECDH('secp256k1')
  ecdh.setPrivateKey(key)
  return ecdh.getPublicKey(null, 'compressed')
}

/** About one path in 2^127 has no key; BIP-32 says to take the next index. */
function hasNoKey(): KeyFileError {
  return new KeyFileError(
    'There is no key at this path.',
    'Use the next index.',
  )
}
