/** What every `sign` command is given, defaults filled in. */
export type SignRequest = {
  keyId: string
  /** Path of the input, `-` for standard input. */
  in: string
  yes: boolean
}

/** What hands an account to a contract is said to be meant (EIP-7702). */
export type DelegationRequest = SignRequest & {
  allowDelegation: boolean
  anyChain: boolean
}
