import { addressOf, withAws } from '@keyward/toolkit/aws'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** The EIP-55 address of a key, alone on its line, for use in scripts. */
export function keyAddress(
  terminal: Terminal,
  keyId: string,
): Promise<Result<{ address: string; key: string }>> {
  return withAws(terminal, { keyId }, async ({ kms }) => {
    const address = await addressOf(kms, keyId)
    return { data: { address, key: keyId }, text: address }
  })
}
