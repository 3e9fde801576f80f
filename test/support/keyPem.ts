import { createECDH } from 'node:crypto'
import type { Hex } from 'viem'

const head =
  '308184020100301006072a8648ce3d020106052b8104000a046d306b0201010420'

/**
 * PKCS#8 PEM of a secp256k1 key, made by hand so that it may be any number,
 * also one that is no key, or carry another public key.
 */
export function toPem(secret: Hex | bigint, publicKey?: Hex): string {
  const hex =
    typeof secret === 'bigint'
      ? secret.toString(16).padStart(64, '0')
      : secret.slice(2)
  const point = publicKey?.slice(2) ?? toPoint(hex)
  const der = Buffer.from(`${head}${hex}a144034200${point}`, 'hex')
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [
    '-----BEGIN PRIVATE KEY-----',
    ...lines,
    '-----END PRIVATE KEY-----',
    '',
  ].join('\n')
}

function toPoint(secret: string): string {
  const curve = createECDH('secp256k1')
  try {
    curve.setPrivateKey(secret, 'hex')
  } catch {
    // No key has this number: any point will do.
    curve.generateKeys()
  }
  return curve.getPublicKey('hex', 'uncompressed')
}
