import type { Pkcs11Options, Token } from '@keyward/core/pkcs11'

export type TokenHandle = { options: Pkcs11Options; token: Token }

/** Opens the chosen token. Its PIN is requested only then. */
export type OpenToken = () => Promise<TokenHandle>
