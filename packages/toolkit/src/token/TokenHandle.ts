import type { Pkcs11Options, Token } from '@keyward/core/pkcs11'

export type TokenHandle = { options: Pkcs11Options; token: Token }

/** Opens the token that was named: its PIN is asked for only then. */
export type OpenToken = () => Promise<TokenHandle>
