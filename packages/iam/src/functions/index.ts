// Needs nothing but JavaScript. What a stack's functions are called goes by
// these, wherever somebody has to know them by name: the template, the control
// policy, the emergency stop, the tables' policies.

/** They sign and do not send, by the endings of their names. */
export const signerKinds = [
  'eip1559-signer',
  'legacy-signer',
  'message-signer',
] as const

/** They send, and write the ledger. */
export const senderKinds = ['sender', 'reconciler'] as const

export type SignerKind = (typeof signerKinds)[number]
export type SenderKind = (typeof senderKinds)[number]
