import {
  createCipheriv,
  pbkdf2Sync,
  randomBytes,
  scryptSync,
} from 'node:crypto'
import { keccak256 } from 'ethers'

type Kdf =
  | { kdf: 'scrypt'; n: number; r: number; p: number }
  | { kdf: 'pbkdf2'; c: number }

const quick: Kdf = { kdf: 'scrypt', n: 2, r: 8, p: 1 }

/**
 * A V3 keystore made by its definition with any parameters, for what ethers
 * and cast don't write: PBKDF2, and keys whose leading zeros are stripped.
 */
export function buildKeystore(
  scalar: Uint8Array,
  password: string | Uint8Array,
  { kdf, ...params }: Kdf = quick,
) {
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const derived =
    kdf === 'scrypt' && 'n' in params
      ? scryptSync(password, salt, 32, {
          N: params.n,
          r: params.r,
          p: params.p,
          maxmem: 2 ** 30,
        })
      : pbkdf2Sync(password, salt, 'c' in params ? params.c : 0, 32, 'sha256')
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = cipher.update(scalar)
  const mac = keccak256(Buffer.concat([derived.subarray(16), ciphertext]))
  const prf = kdf === 'pbkdf2' ? { prf: 'hmac-sha256' } : {}
  return {
    version: 3,
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf,
      kdfparams: { dklen: 32, salt: salt.toString('hex'), ...params, ...prf },
      mac: mac.slice(2),
    },
  }
}
