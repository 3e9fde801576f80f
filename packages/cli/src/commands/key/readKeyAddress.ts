import { addressOf, connectKms } from '@keyward/toolkit/aws'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** The EIP-55 address of a key, alone on its line, for use in scripts. */
export async function keyAddress(
  terminal: Terminal,
  keyId: string,
): Promise<Result<{ address: string; key: string }>> {
  const { client, close } = await connectKms(terminal, keyId)
  try {
    const address = await addressOf(client, keyId)
    return { data: { address, key: keyId }, text: address }
  } finally {
    close()
  }
}
