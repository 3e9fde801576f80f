import { createHmac, timingSafeEqual } from 'node:crypto'
import {
  type WrappingAlgorithm,
  wrappingAlgorithms,
} from './WrappingAlgorithm.js'

/** The values that a token binds together. The token is opaque to clients. */
export type ImportToken = {
  /** UUID of the KMS key. */
  keyId: string
  /** UUID of the wrapping key whose public half came with the token. */
  wrappingKeyId: string
  algorithm: WrappingAlgorithm
  /** Milliseconds since the epoch. */
  expiresAt: number
}

const magic = Buffer.from('KWI1')
const macLength = 32
const length = magic.length + 16 + 16 + 1 + 8 + macLength

export const encode = (token: ImportToken, secret: Uint8Array): Buffer => {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(token.expiresAt))
  const body = Buffer.concat([
    magic,
    uuidBytes(token.keyId),
    uuidBytes(token.wrappingKeyId),
    Buffer.of(wrappingAlgorithms.indexOf(token.algorithm)),
    time,
  ])
  return Buffer.concat([body, mac(body, secret)])
}

/** Undefined for a token that was not made with this secret. */
export const decode = (
  bytes: Uint8Array,
  secret: Uint8Array,
): ImportToken | undefined => {
  if (bytes.length !== length) return undefined
  const body = Buffer.from(bytes.subarray(0, length - macLength))
  if (!timingSafeEqual(mac(body, secret), bytes.subarray(length - macLength)))
    return undefined
  const algorithm = wrappingAlgorithms[body.readUInt8(36)]
  if (!algorithm || !body.subarray(0, 4).equals(magic)) return undefined
  return {
    keyId: uuid(body.subarray(4, 20)),
    wrappingKeyId: uuid(body.subarray(20, 36)),
    algorithm,
    expiresAt: Number(body.readBigUInt64BE(37)),
  }
}

const mac = (body: Uint8Array, secret: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(body).digest()

const uuidBytes = (text: string): Buffer =>
  Buffer.from(text.replaceAll('-', ''), 'hex')

const uuid = (bytes: Buffer): string =>
  bytes
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
