import type { Sending } from './openSending.js'

/**
 * The options that the sender and the reconciler share: one key, one ledger,
 * one set of caps.
 */
export function toOptions(sending: Sending) {
  const { config, key, ledger, rpc, sendRpc, gate } = sending
  return {
    key,
    guard: gate,
    ledger,
    rpc,
    sendRpc,
    finalEndpoints: config.finalEndpoints,
    maxFeePerGas: config.maxFeePerGas,
    maxTxFee: config.maxFee,
    minTip: config.minTip,
    allowCreation: config.allowCreation,
    maxSignatures: config.maxSignatures,
    confirmations: config.confirmations,
    maxForeign: config.maxForeign,
    newLedger: config.newLedger,
  }
}
