import { SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { note } from '@keyward/toolkit'
import { withAws } from '@keyward/toolkit/aws'
import {
  isOnToken,
  type ServiceRequest,
  tokenOf,
} from '../../program/tokenInputs.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Which key, and whether it is meant. */
type KeyRequest = Partial<ServiceRequest> & { keyId: string; yes: boolean }

/**
 * Opens a key and signs with it: names the target, tells what will be signed,
 * asks when that is outside the local home. Nothing is sent to KMS before.
 *
 * @param what - One line for people, e.g. `a message of 5 bytes`.
 */
export function withSigningKey<signed>(
  terminal: Terminal,
  request: KeyRequest,
  what: string,
  sign: (key: SigningKey.SigningKey) => Promise<signed>,
): Promise<signed> {
  const { keyId, yes } = request
  if (isOnToken(terminal, request))
    return withTokensKey(terminal, request, what, async (key, confirm) => {
      note(terminal, `Signing ${what}.`)
      await confirm()
      return sign(key)
    })
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
  request: KeyRequest,
  what: string,
  work: Work<result>,
): Promise<result> {
  const { keyId, yes } = request
  if (isOnToken(terminal, request))
    return withTokensKey(terminal, request, what, work)
  return withAws(terminal, { keyId }, async ({ kms, target }) => {
    const question = { target, action: `signs ${what}`, yes }
    terminal.assertAskable(question)
    const service = fromSdk(kms)
    const key = await SigningKey.connect({ service, keyId })
    return work(key, () => terminal.confirm(question))
  })
}

type Work<result> = (
  key: SigningKey.SigningKey,
  confirm: () => Promise<void>,
) => Promise<result>

async function withTokensKey<result>(
  terminal: Terminal,
  request: KeyRequest,
  what: string,
  work: Work<result>,
): Promise<result> {
  const question = {
    target: undefined,
    action: `signs ${what}`,
    yes: request.yes,
  }
  terminal.assertAskable(question)
  const { withTokenKey } = await import('@keyward/toolkit/token')
  const { options } = await tokenOf(terminal, request)()
  return withTokenKey(options, request.keyId, (key) =>
    work(key, () => terminal.confirm(question)),
  )
}
