import type { Hex } from '@keyward/core'

/** An address, or the name of a group or token. */
export type Reference =
  | { readonly address: Hex }
  | { readonly group: string }
  | { readonly token: string }
