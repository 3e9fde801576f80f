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
   * Whether at least Prague's rules apply: init code limits (EIP-3860) and
   * floor gas (EIP-7623).
   */
  rules?: 'prague'
  /** The stack whose predeploy reports a separate fee for data, besides gas. */
  dataFee?: 'op-stack' | 'scroll' | 'morph'
  /** The sidecar form for blob transactions; undefined if none is known. */
  sidecar?: 'eip4844' | 'eip7594'
  /** The fixed gas cost of a plain transfer; if undefined, estimate it. */
  transferGas?: bigint
}
