import { copyOf } from '../allocate.js'
import { recognize } from '../formats/recognize.js'
import type { PrivateKey } from '../PrivateKey.js'

/**
 * Reads the written file like any other key file, and compares the keys.
 *
 * @throws KeyFileError, WrongPasswordError, or Error if it is another key.
 */
export async function assertReadsBack(
  content: Buffer,
  key: PrivateKey,
  password: Uint8Array | undefined,
): Promise<void> {
  const candidate = recognize(content)
  try {
    const read = await candidate.read({
      derivationPath: undefined,
      // The reader zeroes the password, so pass a copy.
      password: async () => copyOf(password ?? Buffer.alloc(0)),
      passphrase: async () => Buffer.alloc(0),
      progress() {},
    })
    const same = read.key.d.equals(key.d) && read.key.address === key.address
    read.key.dispose()
    if (!same) throw new Error('the file contains a different key')
  } finally {
    candidate.dispose()
  }
}
