import type {
  Wrapping,
  WrappingAlgorithm,
  WrappingKeySpec,
} from './wrapKeyMaterial.js'

/** As typed by the user. */
export type WrappingFlags = {
  wrapping: 'rsa-aes-kwp' | 'oaep'
  wrappingKey: 'rsa-2048' | 'rsa-3072' | 'rsa-4096'
}

const algorithms: Record<WrappingFlags['wrapping'], WrappingAlgorithm> = {
  'rsa-aes-kwp': 'RSA_AES_KEY_WRAP_SHA_256',
  oaep: 'RSAES_OAEP_SHA_256',
}
const keySpecs: Record<WrappingFlags['wrappingKey'], WrappingKeySpec> = {
  'rsa-2048': 'RSA_2048',
  'rsa-3072': 'RSA_3072',
  'rsa-4096': 'RSA_4096',
}

/** Converts the flags to KMS's names. */
export function toWrapping(flags: WrappingFlags): Wrapping {
  return {
    algorithm: algorithms[flags.wrapping],
    keySpec: keySpecs[flags.wrappingKey],
  }
}
