import type { TokenKeyInfo } from '@keyward/core/pkcs11'
import { addressOfToken, findByRef, proveTokenKey } from './openTokenKey.js'
import type { OpenToken, TokenHandle } from './TokenHandle.js'

export type TokenKeyDescription = Omit<TokenKeyInfo, 'spki'> & {
  /** EIP-55; null where no public key stands beside it. */
  address: string | null
}

/** Lists the keys of a token that can be Ethereum accounts. */
export async function listTokenKeys({
  token,
}: Pick<TokenHandle, 'token'>): Promise<TokenKeyDescription[]> {
  return (await token.listKeys()).map(toDescription)
}

/** The key that a reference names. @throws Pkcs11KeyError */
export async function describeTokenKey(
  { token }: Pick<TokenHandle, 'token'>,
  keyRef: string,
): Promise<TokenKeyDescription> {
  return toDescription(findByRef(await token.listKeys(), keyRef))
}

/** The same by its label or URI, once it has signed. */
export async function showTokenKey(
  open: OpenToken,
  keyId: string,
): Promise<TokenKeyDescription> {
  const handle = await open()
  const { keyRef } = await proveTokenKey(handle.options, keyId)
  return describeTokenKey(handle, keyRef)
}

/** Its address, once it has signed. */
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
