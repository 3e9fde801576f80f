import { openToken } from '@keyward/core/pkcs11'
import type { Io } from '../Io.js'
import { usageError } from '../UsageError.js'
import { readPin } from './readPin.js'
import type { TokenHandle } from './TokenHandle.js'

export type TokenRequest = {
  library: string | undefined
  tokenLabel: string | undefined
  slot: number | undefined
  pinSource: string | undefined
}

/** The chosen token and its PIN. */
export async function readToken(
  io: Pick<Io, 'ask' | 'env'>,
  request: Partial<TokenRequest>,
): Promise<TokenHandle> {
  const { env } = io
  const library = request.library ?? env.PKCS11_LIBRARY
  const tokenLabel = request.tokenLabel ?? env.PKCS11_TOKEN_LABEL
  if (library === undefined || library === '')
    usageError(
      "no library was given. Pass --library with the path of the token's PKCS#11 library, or set PKCS11_LIBRARY.",
    )
  if (request.tokenLabel !== undefined && request.slot !== undefined)
    usageError('pass either --token-label or --slot, not both.')
  if (request.slot === undefined && (tokenLabel ?? '') === '')
    usageError(
      'no token was given. Pass --token-label or --slot, or set PKCS11_TOKEN_LABEL.',
    )
  const name =
    request.slot === undefined
      ? { tokenLabel: String(tokenLabel) }
      : { slot: request.slot }
  const pin = await readPin(io, request.pinSource ?? env.PKCS11_PIN_SOURCE, {
    flag: '--pin-source',
    question: 'PIN of the token',
  })
  const options = { library, pin, ...name }
  return { options, token: openToken(options) }
}
