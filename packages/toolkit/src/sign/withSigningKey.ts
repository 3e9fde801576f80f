import { SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import type { OpenToken } from '../token/TokenHandle.js'

/** Which key, and whether it is meant. */
export type KeyRequest = {
  keyId: string
  /** Where the key is; without it in KMS. */
  token: OpenToken | undefined
  yes: boolean
}

/**
 * Opens a key and signs with it: names the target, tells what will be signed,
 * asks when that is outside the local home. Nothing is sent to KMS before.
 *
 * @param what - One line for people, e.g. `a message of 5 bytes`.
 */
export function withSigningKey<signed>(
  io: Io,
  request: KeyRequest,
  what: string,
  sign: (key: SigningKey.SigningKey) => Promise<signed>,
): Promise<signed> {
  const { keyId, token, yes } = request
  if (token !== undefined)
    return withTokensKey(
      io,
      { keyId, token, yes },
      what,
      async (key, confirm) => {
        note(io, `Signing ${what}.`)
        await confirm()
        return sign(key)
      },
    )
  return withAws(io, { keyId }, async ({ kms, target }) => {
    note(io, `Signing ${what}.`)
    await io.confirm({ target, action: `signs ${what}`, yes })
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
  io: Io,
  request: KeyRequest,
  what: string,
  work: Work<result>,
): Promise<result> {
  const { keyId, token, yes } = request
  if (token !== undefined)
    return withTokensKey(io, { keyId, token, yes }, what, work)
  return withAws(io, { keyId }, async ({ kms, target }) => {
    const question = { target, action: `signs ${what}`, yes }
    io.assertAskable(question)
    const service = fromSdk(kms)
    const key = await SigningKey.connect({ service, keyId })
    return work(key, () => io.confirm(question))
  })
}

type Work<result> = (
  key: SigningKey.SigningKey,
  confirm: () => Promise<void>,
) => Promise<result>

async function withTokensKey<result>(
  io: Io,
  { keyId, token, yes }: KeyRequest & { token: OpenToken },
  what: string,
  work: Work<result>,
): Promise<result> {
  const question = { target: undefined, action: `signs ${what}`, yes }
  io.assertAskable(question)
  const { withTokenKey } = await import('../token/openTokenKey.js')
  const { options } = await token()
  return withTokenKey(options, keyId, (key) =>
    work(key, () => io.confirm(question)),
  )
}
