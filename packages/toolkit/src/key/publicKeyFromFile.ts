import { type PublicKeyFile, parsePublicKey, wipe } from '@keyward/keyfile'
import type { Io } from '../Io.js'
import { readInput } from '../readInput.js'

/**
 * Reads a public key from a file, or standard input for `-`.
 *
 * @throws InputError when it can't be read, KeyFileError when it is none.
 */
export async function publicKeyFromFile(
  io: Pick<Io, 'input' | 'notify'>,
  path: string,
): Promise<PublicKeyFile> {
  const bytes = await readInput(io, path)
  try {
    return parsePublicKey(bytes)
  } finally {
    // Somebody may have named the private key's file.
    wipe(bytes)
  }
}
