import { RpcRefusedError } from '../rpc/errors.js'

/** Why a node did not take a transaction. */
export type SendFailure =
  | 'already-known'
  | 'nonce-too-low'
  | 'replacement-underpriced'
  | 'fee-too-low'
  | 'insufficient-funds'
  /** No node will ever take these bytes. */
  | 'never'
  | 'other'

/** Texts of geth, Nethermind, Besu, Erigon, Reth, anvil and Hardhat. */
const patterns: [SendFailure, RegExp][] = [
  [
    'already-known',
    /already[ _]known|already imported|already exists|\bknown transaction|alreadyknown|already in (?:the )?mempool/i,
  ],
  [
    'nonce-too-low',
    /nonce (?:is )?too low|nonce_too_low|oldnonce|nonce has already been used|nonce below|lower than the current nonce/i,
  ],
  [
    'replacement-underpriced',
    /replacement|underpriced.*replace|could not replace|another transaction with same nonce/i,
  ],
  [
    'fee-too-low',
    /underpriced|less than (?:the )?block base fee|fee ?too ?low|fee_too_low|below (?:the )?(?:current |configured )?(?:base fee|minimum)|too low (?:to be included|for the next block)|lower than the (?:block's|pending block's) base/i,
  ],
  [
    'never',
    /exceeds? (?:the )?(?:block|transaction)[a-z ]* gas limit|gas ?limit (?:is )?(?:too high|exceeded)|gaslimitexceeded|gas too (?:high|low)|morethanblock|oversized data|initcode|type (?:is )?not supported|unsupported transaction type|invalid (?:signature|sender|chain ?id)|exceeds the configured cap/i,
  ],
  [
    'insufficient-funds',
    /insufficient (?:funds|balance)|not enough balance|insufficient_(?:funds|balance)|insufficientfunds|enough funds|lack of funds|exceeds? (?:the )?balance|upfront cost/i,
  ],
]

/** Undefined when it was no refusal: then nobody knows whether it arrived. */
export function classify(error: unknown): SendFailure | undefined {
  if (!(error instanceof RpcRefusedError)) return undefined
  const found = patterns.find(([, pattern]) => pattern.test(error.reason))
  return found?.[0] ?? 'other'
}
