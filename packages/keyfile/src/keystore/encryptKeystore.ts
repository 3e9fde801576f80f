import { createCipheriv, randomBytes, randomUUID } from 'node:crypto'
import { deriveKey, type Scrypt } from '../kdf.js'
import type { PrivateKey } from '../PrivateKey.js'
import { wipe } from '../wipe.js'
import { keystoreMac } from './keystoreMac.js'

/** geth's "standard" cost, which MetaMask, ethers and cast also read. */
const standardCost = { n: 262144, r: 8, p: 1 }

/**
 * Encrypts a key as a V3 keystore with scrypt and AES-128 in CTR, with geth's
 * members in geth's order.
 *
 * @param password - UTF-8, in a form that is the same in all wallets.
 * @returns JSON. Nothing in it is secret without the password.
 */
export async function encryptKeystore(
  key: PrivateKey,
  password: Uint8Array,
  cost = standardCost,
): Promise<Buffer> {
  const kdf: Scrypt = { kind: 'scrypt', salt: randomBytes(32), ...cost }
  const iv = randomBytes(16)
  const derived = await deriveKey(kdf, password, 32)
  try {
    const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
    const ciphertext = cipher.update(key.d)
    const keystore = {
      address: key.address.slice(2).toLowerCase(),
      crypto: {
        cipher: 'aes-128-ctr',
        ciphertext: ciphertext.toString('hex'),
        cipherparams: { iv: iv.toString('hex') },
        kdf: 'scrypt',
        kdfparams: { dklen: 32, ...cost, salt: kdf.salt.toString('hex') },
        mac: keystoreMac(derived, ciphertext).toString('hex'),
      },
      id: randomUUID(),
      version: 3,
    }
    return Buffer.from(`${JSON.stringify(keystore)}\n`)
  } finally {
    wipe(derived)
  }
}
