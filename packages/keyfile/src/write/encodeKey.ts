import { encryptPkcs8 } from '../der/encryptPkcs8.js'
import { encodePem } from '../encoding/encodePem.js'
import { encryptKeystore } from '../keystore/encryptKeystore.js'
import { type PrivateKey, toPkcs8 } from '../PrivateKey.js'
import { wipe } from '../wipe.js'

/**
 * The content of a key file: a V3 keystore, or PKCS#8 in PEM, unencrypted if
 * there is no password. The caller zeroes it.
 */
export async function encodeKey(
  key: PrivateKey,
  format: 'keystore' | 'pkcs8',
  password: Uint8Array | undefined,
): Promise<Buffer> {
  if (format === 'keystore') {
    if (password === undefined)
      throw new TypeError('A keystore needs a password.')
    return await encryptKeystore(key, password)
  }
  const pkcs8 = toPkcs8(key)
  try {
    return password === undefined
      ? encodePem('PRIVATE KEY', pkcs8)
      : encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8, password))
  } finally {
    wipe(pkcs8)
  }
}
