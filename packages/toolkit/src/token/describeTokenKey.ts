import type { TokenKeyInfo } from '@keyward/core/pkcs11'
import { addressOfToken, findByRef, proveTokenKey } from './openTokenKey.js'
import type { OpenToken, TokenHandle } from './TokenHandle.js'

export type TokenKeyDescription = Omit<TokenKeyInfo, 'spki'> & {
  /** EIP-55 form; null if the token has no matching public key. */
  address: string | null
}

/** Lists a token's keys that can be Ethereum accounts. */
export async function listTokenKeys({
  token,
}: Pick<TokenHandle, 'token'>): Promise<TokenKeyDescription[]> {
  return (await token.listKeys()).map(toDescription)
}

/** Finds the key with a given reference. @throws Pkcs11KeyError */
export async function describeTokenKey(
  { token }: Pick<TokenHandle, 'token'>,
  keyRef: string,
): Promise<TokenKeyDescription> {
  return toDescription(findByRef(await token.listKeys(), keyRef))
}

/**
 * Like {@link describeTokenKey}, but for a label or URI, and only after the key
 * has signed.
 */
export async function showTokenKey(
  open: OpenToken,
  keyId: string,
): Promise<TokenKeyDescription> {
  const handle = await open()
  const { keyRef } = await proveTokenKey(handle.options, keyId)
  return describeTokenKey(handle, keyRef)
}

/** A key's address, returned only after the key has signed. */
export async function readTokenAddress(
  open: OpenToken,
  keyId: string,
): Promise<string> {
  return (await proveTokenKey((await open()).options, keyId)).address
}

function toDescription(key: TokenKeyInfo): TokenKeyDescription {
  const { spki: _, ...rest } = key
  return { ...rest, address: addressOfToken(key) }
}
