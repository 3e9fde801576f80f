import { findByRef, proveTokenKey } from '@keyward/toolkit/token'
import { readToken } from '../../../input/openToken.js'
import type { Result } from '../../../output/Result.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'
import {
  type TokenKeyDescription,
  toDescription,
  tokenKeyText,
} from './tokenText.js'

export async function showTokenKey(
  terminal: Terminal,
  request: TokenRequest,
  keyId: string,
): Promise<Result<TokenKeyDescription>> {
  const { options, token } = await readToken(terminal, request)
  const { keyRef } = await proveTokenKey(options, keyId)
  const data = toDescription(findByRef(await token.listKeys(), keyRef))
  return { data, text: tokenKeyText(data) }
}

/** The EIP-55 address alone on its line. */
export async function tokenKeyAddress(
  terminal: Terminal,
  request: TokenRequest,
  keyId: string,
): Promise<Result<{ address: string; key: string }>> {
  const { options } = await readToken(terminal, request)
  const { address } = await proveTokenKey(options, keyId)
  return { data: { address, key: keyId }, text: address }
}
