/**
 * Facts about a network that must be known before sending a transaction on it.
 */
export type NetworkFacts = {
  /**
   * The minimum tip that nodes require, in wei per gas; blocks don't show it.
   */
  minTip?: bigint
  /** The most gas that a transaction may use (EIP-7825 or similar). */
  maxGas?: bigint
  /**
   * At least Prague's rules: init code limits (EIP-3860), floor gas (EIP-7623).
   */
  rules?: 'prague'
  /**
   * Data has a separate fee besides gas, reported by this stack's predeploy.
   */
  dataFee?: 'op-stack' | 'scroll' | 'morph'
  /** The sidecar form for blob transactions; undefined if none is known. */
  sidecar?: 'eip4844' | 'eip7594'
  /** The fixed gas cost of a plain transfer; if undefined, estimate it. */
  transferGas?: bigint
}
