import { InputError } from '@keyward/core/errors'
import { addressOf } from '../aws/describeKey.js'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import { signChallenge } from '../import/signChallenge.js'
import { assertLasting } from './assertLasting.js'
import { proveTokenKey } from './openTokenKey.js'
import type { OpenToken } from './TokenHandle.js'

export type DestroyTokenRequest = {
  keyId: string
  /** The KMS key that replaces it. */
  replacedBy: string | undefined
  yes: boolean
}

/**
 * Destroys a token's key. If a replacement is given, that key must sign first.
 */
export async function destroyTokenKey(
  io: Io,
  open: OpenToken,
  request: DestroyTokenRequest,
): Promise<{ address: string; destroyed: string }> {
  const { keyId, replacedBy, yes } = request
  const warning = {
    target: undefined,
    action: 'permanently destroys a key',
    yes,
  }
  io.assertAskable(warning)
  const { options, token } = await open()
  // The token's key must sign too. Otherwise its address could come from a
  // public key that someone put on the token, and the KMS key might be a
  // different key.
  const { address, keyRef } = await proveTokenKey(options, keyId)
  if (replacedBy !== undefined) await proveSuccessor(io, replacedBy, address)
  await io.confirm({
    ...warning,
    action: `permanently destroys ${keyRef}, the key of ${address}${replacedBy === undefined ? '' : `; ${replacedBy} has signed for the account`}`,
  })
  await token.destroyKey(keyRef)
  return { address, destroyed: keyRef }
}

function proveSuccessor(io: Io, keyId: string, address: string): Promise<void> {
  return withAws(io, { keyId }, async ({ kms }) => {
    const own = await addressOf(kms, keyId)
    if (own !== address)
      throw new InputError(`${keyId} is not the key of ${address}.`, {
        details: `It is the key of ${own}. Nothing was destroyed.`,
      })
    if (!(await signChallenge(kms, keyId, address)))
      throw new InputError(`There is no proof that ${keyId} can sign.`, {
        details:
          'You are not allowed to sign with the key (kms:Sign). Nothing was destroyed. Run the command as a user of the key.',
      })
    await assertLasting(kms, keyId)
    note(io, `${keyId} signs for ${address}.`)
  })
}
