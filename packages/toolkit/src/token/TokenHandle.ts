import type { Pkcs11Options, Token } from '@keyward/core/pkcs11'

export type TokenHandle = { options: Pkcs11Options; token: Token }

/** Opens the chosen token. Only then is the PIN requested. */
export type OpenToken = () => Promise<TokenHandle>
