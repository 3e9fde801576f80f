import { InputError } from '@keyward/core/errors'
import { note } from '@keyward/toolkit'
import { addressOf, withAws } from '@keyward/toolkit/aws'
import { signChallenge } from '@keyward/toolkit/import'
import { assertLasting, proveTokenKey } from '@keyward/toolkit/token'
import { readToken } from '../../../input/openToken.js'
import type { Result } from '../../../output/Result.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'

export type DestroyRequest = TokenRequest & {
  keyId: string
  /** A KMS key. */
  replacedBy: string | undefined
  yes: boolean
}

/** Destroys a token's key, once its successor has signed where one is named. */
export async function destroyTokenKey(
  terminal: Terminal,
  request: DestroyRequest,
): Promise<Result<{ address: string; destroyed: string }>> {
  const { keyId, replacedBy, yes } = request
  const warning = {
    target: undefined,
    action: 'destroys a key for good',
    yes,
  }
  terminal.assertAskable(warning)
  const { options, token } = await readToken(terminal, request)
  // It signs as well: what KMS has must be this key, not its public half.
  const { address, keyRef } = await proveTokenKey(options, keyId)
  if (replacedBy !== undefined)
    await proveSuccessor(terminal, replacedBy, address)
  await terminal.confirm({
    ...warning,
    action: `destroys ${keyRef}, the key of ${address}, for good${replacedBy === undefined ? '' : `; ${replacedBy} has signed for the account`}`,
  })
  await token.destroyKey(keyRef)
  return {
    data: { address, destroyed: keyRef },
    text: `Destroyed ${keyRef}, of ${address}.`,
  }
}

function proveSuccessor(
  terminal: Terminal,
  keyId: string,
  address: string,
): Promise<void> {
  return withAws(terminal, { keyId }, async ({ kms }) => {
    const own = await addressOf(kms, keyId)
    if (own !== address)
      throw new InputError(`${keyId} is not the key of ${address}.`, {
        details: `It is that of ${own}. Nothing was destroyed.`,
      })
    if (!(await signChallenge(kms, keyId, address)))
      throw new InputError(`${keyId} was not seen to sign.`, {
        details: 'This principal may not (kms:Sign). Nothing was destroyed.',
      })
    await assertLasting(kms, keyId)
    note(terminal, `${keyId} signs for ${address}.`)
  })
}
