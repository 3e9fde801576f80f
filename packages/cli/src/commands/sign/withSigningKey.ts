import { SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { note } from '@keyward/toolkit'
import { withAws } from '@keyward/toolkit/aws'
import type { Terminal } from '../../terminal/Terminal.js'

/**
 * Opens a key and signs with it: names the target, tells what will be signed,
 * asks when that is outside the local home. Nothing is sent to KMS before.
 *
 * @param what - One line for people, e.g. `a message of 5 bytes`.
 */
export function withSigningKey<signed>(
  terminal: Terminal,
  { keyId, yes }: { keyId: string; yes: boolean },
  what: string,
  sign: (key: SigningKey.SigningKey) => Promise<signed>,
): Promise<signed> {
  return withAws(terminal, { keyId }, async ({ kms, target }) => {
    note(terminal, `Signing ${what}.`)
    await terminal.confirm({ target, action: `signs ${what}`, yes })
    const service = fromSdk(kms)
    return sign(await SigningKey.connect({ service, keyId }))
  })
}
