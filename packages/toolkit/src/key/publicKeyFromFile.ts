import { type PublicKeyFile, parsePublicKey, wipe } from '@keyward/keyfile'
import type { Io } from '../Io.js'
import { readInput } from '../readInput.js'

/**
 * Reads a public key from a file, or from standard input for `-`.
 *
 * @throws InputError if the file can't be read, KeyFileError if it contains no
 * public key
 */
export async function publicKeyFromFile(
  io: Pick<Io, 'input' | 'notify'>,
  path: string,
): Promise<PublicKeyFile> {
  const bytes = await readInput(io, path)
  try {
    return parsePublicKey(bytes)
  } finally {
    // The user may have passed the private key's file by mistake.
    wipe(bytes)
  }
}
