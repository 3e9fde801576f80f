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

/**
 * The same where the account has to be known before anybody is asked: what is
 * shown depends on it. The key's public half is read; `confirm` asks, and comes
 * before anything is signed.
 */
export function withOpenKey<result>(
  terminal: Terminal,
  { keyId, yes }: { keyId: string; yes: boolean },
  what: string,
  work: (
    key: SigningKey.SigningKey,
    confirm: () => Promise<void>,
  ) => Promise<result>,
): Promise<result> {
  return withAws(terminal, { keyId }, async ({ kms, target }) => {
    const question = { target, action: `signs ${what}`, yes }
    terminal.assertAskable(question)
    const service = fromSdk(kms)
    const key = await SigningKey.connect({ service, keyId })
    return work(key, () => terminal.confirm(question))
  })
}
