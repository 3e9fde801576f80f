import { note } from '@keyward/toolkit'
import { findByRef } from '@keyward/toolkit/token'
import { readToken } from '../../../input/openToken.js'
import type { Result } from '../../../output/Result.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'
import {
  type TokenKeyDescription,
  toDescription,
  tokenKeyText,
} from './tokenText.js'

/** Has a token make a key. */
export async function createTokenKey(
  terminal: Terminal,
  request: TokenRequest & { label: string; extractable: boolean; yes: boolean },
): Promise<Result<TokenKeyDescription>> {
  const { label, extractable: isExtractable, yes } = request
  const how = isExtractable
    ? ' that may leave it, wrapped by a key that the security officer trusts'
    : ' that never leaves it'
  const question = {
    target: undefined,
    action: `has the token make a key${how}`,
    yes,
  }
  terminal.assertAskable(question)
  const { token } = await readToken(terminal, request)
  await terminal.confirm(question)
  const keyRef = await token.createKey({ label, isExtractable })
  const data = toDescription(findByRef(await token.listKeys(), keyRef))
  note(
    terminal,
    isExtractable
      ? "Whoever has both PINs, the user's and the security officer's, can bring it out: keyward key export, keyward key move."
      : 'It can never leave the token, also not as a backup: what is lost with the token is lost.',
  )
  return { data, text: tokenKeyText(data) }
}
