// Facts about networks, keyed by our names, that the sender needs and viem's
// chains don't have. They are maintained by hand, each with its source.
// Uncertain facts are left out; the sender then asks nodes, or the nodes
// refuse.

/**
 * @typedef {{
 *   minTip?: bigint,
 *   maxGas?: bigint,
 *   rules?: 'prague',
 *   dataFee?: 'op-stack' | 'scroll' | 'morph',
 *   sidecar?: 'eip4844' | 'eip7594',
 *   transferGas?: bigint,
 * }} Facts
 */

const gwei = 10n ** 9n

// EIP-7825.
const gasCap = 2n ** 24n

/** Osaka's cap, and the earlier rules from Prague: EIP-3860 and EIP-7623. */
const osaka = { maxGas: gasCap, rules: /** @type {const} */ ('prague') }

/**
 * A plain transfer costs 21000 gas, except on the Arbitrum and ZKsync families,
 * which charge gas for data, and on Mantle. On Moonbeam, the cost depends on
 * the proof's size.
 */
const plainTransfers = [
  ...['avalanche', 'avalanche-fuji', 'base', 'base-sepolia', 'berachain'],
  ...['berachain-bepolia', 'blast', 'blast-sepolia', 'bnb', 'bnb-testnet'],
  ...['celo', 'celo-sepolia', 'cronos', 'cronos-testnet', 'fraxtal', 'gnosis'],
  ...['gnosis-chiado', 'holesky', 'hoodi', 'ink', 'ink-sepolia', 'linea'],
  ...['linea-sepolia', 'local', 'mainnet', 'mode', 'monad', 'monad-testnet'],
  ...['opbnb', 'optimism', 'optimism-sepolia', 'polygon', 'polygon-amoy'],
  ...['scroll', 'scroll-sepolia', 'sepolia', 'soneium', 'sonic', 'unichain'],
  ...['unichain-sepolia', 'worldchain', 'worldchain-sepolia', 'zora'],
  'zora-sepolia',
]

/** @type {Record<string, Facts>} */
const facts = {
  // Ethereum has had Prague since May 2025, and Osaka since December 2025.
  mainnet: { ...osaka, sidecar: 'eip7594' },
  sepolia: { ...osaka, sidecar: 'eip7594' },
  holesky: { ...osaka, sidecar: 'eip7594' },
  hoodi: { ...osaka, sidecar: 'eip7594' },
  // anvil accepts more gas, and accepts cell proofs.
  local: { sidecar: 'eip7594' },
  // bor refuses a smaller tip (PIP-35). The limit has been 2^25 gas since
  // Madhugiri.
  polygon: { minTip: 25n * gwei, maxGas: 2n ** 25n },
  'polygon-amoy': { minTip: 25n * gwei, maxGas: 2n ** 25n },
  // Validators have accepted 0.05 gwei since October 2025; earlier minimums
  // were 0.1, 1 and 3. BEP-336 brought blobs, and BEP-652 brought EIP-7825,
  // with Osaka/Mendel in April 2026.
  bnb: { minTip: gwei / 20n, maxGas: gasCap, sidecar: 'eip4844' },
  'bnb-testnet': { minTip: gwei / 20n, maxGas: gasCap, sidecar: 'eip4844' },
  // Node pools require one gwei. Fusaka has been active since April 2026.
  gnosis: { minTip: gwei, ...osaka, sidecar: 'eip7594' },
  'gnosis-chiado': { ...osaka, sidecar: 'eip7594' },
  // Isthmus brought Prague's rules in May 2025. EIP-7825 came with Base's Azul,
  // and with Karst of the OP Stack in July 2026.
  base: osaka,
  'base-sepolia': osaka,
  optimism: osaka,
  'optimism-sepolia': osaka,
  unichain: osaka,
  'unichain-sepolia': osaka,
  // celo belongs to the OP Stack, but viem doesn't say so.
  celo: { dataFee: 'op-stack' },
  'blast-sepolia': { dataFee: 'op-stack' },
  mantle: { dataFee: 'op-stack' },
  'mantle-sepolia': { dataFee: 'op-stack' },
  scroll: { dataFee: 'scroll' },
  'scroll-sepolia': { dataFee: 'scroll' },
}

/** @returns {Record<string, Facts>} */
export function readOverlay() {
  const overlay = Object.fromEntries(
    Object.entries(facts).map(([name, own]) => [name, { ...own }]),
  )
  for (const name of plainTransfers)
    overlay[name] = { ...overlay[name], transferGas: 21_000n }
  return overlay
}
