import { type PublicKeyFile, parsePublicKey, wipe } from '@keyward/keyfile'
import { readInput } from '../../input/readInput.js'
import type { Terminal } from '../../terminal/Terminal.js'

/**
 * Reads a public key from a file, or standard input for `-`.
 *
 * @throws InputError when it can't be read, KeyFileError when it is none.
 */
export async function publicKeyFromFile(
  terminal: Terminal,
  path: string,
): Promise<PublicKeyFile> {
  const bytes = await readInput(terminal, path)
  try {
    return parsePublicKey(bytes)
  } finally {
    // Somebody may have named the private key's file.
    wipe(bytes)
  }
}
