import { readFileSync } from 'node:fs'
import { concat, encodeDeployData, type Hex } from 'viem'
import { safe } from '../../../scripts/setup/safe.mjs'
import { assemble } from '../assemble.js'
import type { SafeChain } from './openSafeChain.js'

/** What thefts call by a delegatecall. Each does the same for any selector. */
const thieves = {
  /** `f(address)`: writes slot 0, where a Safe has its singleton (Bybit). */
  slot0Writer: '0x04 CALLDATALOAD 0x00 SSTORE STOP',
  /** `f(uint256 slot, uint256 word)`: owners, threshold, guard, modules. */
  slotWriter: '0x24 CALLDATALOAD 0x04 CALLDATALOAD SSTORE STOP',
  /** `f(address)`: writes slot 0 where gas has a price; elsewhere nothing. */
  gasPriceWatcher: `
    GASPRICE @write JUMPI STOP
    :write 0x04 CALLDATALOAD 0x00 SSTORE STOP`,
}

/** Contracts of OpenZeppelin 4.9.6 (MIT) that can be created as they are. */
export type OpenZeppelinContract =
  | 'ERC20PresetFixedSupply'
  | 'ERC721PresetMinterPauserAutoId'
  | 'ERC1155PresetMinterPauser'
  | 'ProxyAdmin'
  | 'TransparentUpgradeableProxy'
  | 'UpgradeableBeacon'

/** Creates a contract that thefts call. Returns its address. */
export function deployThief(chain: SafeChain, kind: keyof typeof thieves) {
  const code = assemble(thieves[kind])
  const size = `0x${((code.length - 2) / 2).toString(16).padStart(2, '0')}`
  // The code stands behind these 12 bytes, which return it.
  const creator = assemble(`${size} 0x0c 0x00 CODECOPY ${size} 0x00 RETURN`)
  return chain.deploy(concat([creator, code]))
}

/**
 * Creates one of OpenZeppelin's. `ProxyAdmin` and `UpgradeableBeacon` are
 * Ownable, and their owner is who creates them. Returns its address.
 */
export function deployOpenZeppelin(
  chain: SafeChain,
  name: OpenZeppelinContract,
  args: readonly unknown[] = [],
): Promise<Hex> {
  const path = ['@openzeppelin/contracts/build/contracts', `${name}.json`]
  const { abi, bytecode } = JSON.parse(readFileSync(safe.path(...path), 'utf8'))
  return chain.deploy(encodeDeployData({ abi, bytecode, args }))
}
