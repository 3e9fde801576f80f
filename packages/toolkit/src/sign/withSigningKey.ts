import { SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import type { OpenToken } from '../token/TokenHandle.js'

/** The key, and whether its use is already confirmed. */
export type KeyRequest = {
  keyId: string
  /** The token that stores the key; if undefined, the key is in KMS. */
  token: OpenToken | undefined
  yes: boolean
}

/**
 * Opens a key and signs with it. First names the target, says what will be
 * signed, and asks for confirmation unless the target is the local home.
 * Nothing is sent to KMS before that.
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
 * Like {@link withSigningKey}, for work that needs the account before the
 * question, because it affects what is shown. Reads the public key first. The
 * work must call `confirm` before it signs anything.
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
