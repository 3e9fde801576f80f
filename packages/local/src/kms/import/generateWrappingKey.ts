import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { WrappingKeySpec } from './WrappingAlgorithm.js'

export type WrappingKeyPair = {
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Buffer
  /** PKCS#8, DER. */
  privateKey: Buffer
}

const generateRsa = promisify(generateKeyPair)

/** Generates an RSA key pair, which can take seconds for RSA_4096. */
export const generateWrappingKey = (
  spec: WrappingKeySpec,
): Promise<WrappingKeyPair> =>
  generateRsa('rsa', {
    modulusLength: Number(spec.slice('RSA_'.length)),
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
