// This module has no dependencies. It lists the endings of the names of a
// stack's functions. The template, the control policy, the emergency stop and
// the tables' policies all find functions by name.

/** Name endings of the functions that sign but don't send. */
export const signerKinds = [
  'eip1559-signer',
  'legacy-signer',
  'message-signer',
] as const

/** Name endings of the functions that send and write the ledger. */
export const senderKinds = ['sender', 'reconciler'] as const

export type SignerKind = (typeof signerKinds)[number]
export type SenderKind = (typeof senderKinds)[number]
