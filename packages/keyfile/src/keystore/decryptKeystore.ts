import { createDecipheriv, timingSafeEqual } from 'node:crypto'
import { allocate } from '../allocate.js'
import { KeyFileError, WrongPasswordError } from '../KeyFileError.js'
import { deriveKey } from '../kdf.js'
import { fromScalar, type PrivateKey } from '../PrivateKey.js'
import { passwordForms } from '../secret/passwordForms.js'
import { wipe } from '../wipe.js'
import { keystoreMac } from './keystoreMac.js'
import type { Keystore } from './parseKeystore.js'

/**
 * @param password - UTF-8. A password that is not ASCII is tried in both forms
 *   that wallets use.
 * @throws WrongPasswordError, or KeyFileError if the key inside is invalid or
 *   its address differs from the file's.
 */
export async function decryptKeystore(
  keystore: Keystore,
  password: Uint8Array,
): Promise<PrivateKey> {
  const forms = passwordForms(password)
  try {
    for (const form of forms) {
      const scalar = await open(keystore, form)
      if (scalar !== undefined)
        return assertAddress(fromScalar(scalar), keystore)
    }
  } finally {
    wipe(...forms)
  }
  throw new WrongPasswordError(
    "The keystore can't be decrypted with this password.",
    'Either the password is wrong, or the keystore is damaged.',
  )
}

async function open(
  { kdf, iv, ciphertext, mac }: Keystore,
  password: Uint8Array,
): Promise<Buffer | undefined> {
  const derived = await deriveKey(kdf, password, 32)
  try {
    if (!timingSafeEqual(keystoreMac(derived, ciphertext), mac))
      return undefined
    const key = derived.subarray(0, 16)
    // CTR has no padding, so one call returns everything.
    const plain = createDecipheriv('aes-128-ctr', key, iv).update(ciphertext)
    const scalar = allocate(32)
    plain.copy(scalar, 32 - plain.length)
    wipe(plain)
    return scalar
  } finally {
    wipe(derived)
  }
}

function assertAddress(key: PrivateKey, { address }: Keystore): PrivateKey {
  if (address === undefined || key.address.toLowerCase() === `0x${address}`)
    return key
  key.dispose()
  throw new KeyFileError(
    `The keystore gives the address 0x${address}, but its key has the address ${key.address}.`,
    'The file was changed, or combines two files. Find out which account you ' +
      'want before you use the file.',
  )
}
