import { type Io, note } from '../Io.js'
import {
  describeTokenKey,
  type TokenKeyDescription,
} from './describeTokenKey.js'
import type { OpenToken } from './TokenHandle.js'

/** Creates a key on a token. */
export async function createTokenKey(
  io: Io,
  open: OpenToken,
  request: { label: string; extractable: boolean; yes: boolean },
): Promise<TokenKeyDescription> {
  const { label, extractable: isExtractable, yes } = request
  const how = isExtractable
    ? 'the key can leave it only wrapped with a key that the security officer trusts'
    : 'the key can never leave it'
  const action = `generates a key on the token (${how})`
  const question = { target: undefined, action, yes }
  io.assertAskable(question)
  const handle = await open()
  await io.confirm(question)
  const keyRef = await handle.token.createKey({ label, isExtractable })
  const created = await describeTokenKey(handle, keyRef)
  note(
    io,
    isExtractable
      ? "Anyone who has both PINs, the user's and the security officer's, can export the key (keyward key export, keyward key move)."
      : 'The key can never leave the token, not even as a backup. If the token is lost, the account is lost.',
  )
  return created
}
