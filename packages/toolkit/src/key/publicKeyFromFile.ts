import { type PublicKeyFile, parsePublicKey, wipe } from '@keyward/keyfile'
import type { Io } from '../Io.js'
import { readInput } from '../readInput.js'

/**
 * Reads a public key from a file, or from standard input for `-`.
 *
 * @throws InputError if it can't be read, KeyFileError if it is not a public
 * key
 */
export async function publicKeyFromFile(
  io: Pick<Io, 'input' | 'notify'>,
  path: string,
): Promise<PublicKeyFile> {
  const bytes = await readInput(io, path)
  try {
    return parsePublicKey(bytes)
  } finally {
    // The user may have named the private key's file.
    wipe(bytes)
  }
}
