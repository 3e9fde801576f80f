/** What has to be known of a network before a transaction is sent there. */
export type NetworkFacts = {
  /** Wei per gas: what nodes ask as a tip at least, though no block shows it. */
  minTip?: bigint
  /** The most gas that a transaction may have (EIP-7825 or alike). */
  maxGas?: bigint
  /** At least Prague's: limits of init code (EIP-3860), floor gas (EIP-7623). */
  rules?: 'prague'
  /** Beside gas, data is paid for, as this stack's predeploy tells. */
  dataFee?: 'op-stack' | 'scroll' | 'morph'
  /** The form of a blob transaction's sidecar; undefined where none is known. */
  sidecar?: 'eip4844' | 'eip7594'
  /** What a plain transfer costs for sure; where undefined, estimate it. */
  transferGas?: bigint
}
