import { assemble } from './assemble.js'
import type { Anvil } from './startAnvil.js'

/** How a token's `transfer` behaves. */
export type TokenKind = keyof typeof transfers

/** Moves calldata's amount; an account's balance is in the slot of its address. */
const move = `
  0x24 CALLDATALOAD CALLER SLOAD LT @fail JUMPI
  0x24 CALLDATALOAD CALLER SLOAD SUB CALLER SSTORE
  0x24 CALLDATALOAD 0x04 CALLDATALOAD SLOAD ADD 0x04 CALLDATALOAD SSTORE`
const answer = (word: string) => `${word} 0x00 MSTORE 0x20 0x00 RETURN`

const transfers = {
  /** As ERC-20 has it. */
  standard: `${move} ${answer('0x01')}`,
  /** Answers nothing, as USDT. */
  silent: `${move} 0x00 0x00 RETURN`,
  /** Moves nothing, and says so without reverting. */
  refusing: answer('0x00'),
  /** Moves nothing, and says that it did. */
  lying: answer('0x01'),
  /** Leaves one unit, as tokens that count in shares do. */
  rounding: `${move} 0x01 CALLER SSTORE ${answer('0x01')}`,
  /** Reverts with Error("paused"). */
  paused: `
    0x08c379a000000000000000000000000000000000000000000000000000000000 0x00 MSTORE
    0x20 0x04 MSTORE 0x06 0x24 MSTORE
    0x7061757365640000000000000000000000000000000000000000000000000000 0x44 MSTORE
    0x64 0x00 REVERT`,
} as const

/** Six decimals, and the symbol TKN as old tokens answer it. */
const source = (kind: TokenKind) => `
  0x00 CALLDATALOAD 0xe0 SHR
  DUP1 0x70a08231 EQ @balanceOf JUMPI
  DUP1 0xa9059cbb EQ @transfer JUMPI
  DUP1 0x313ce567 EQ @decimals JUMPI
  DUP1 0x95d89b41 EQ @symbol JUMPI
  :fail 0x00 0x00 REVERT
  :balanceOf 0x04 CALLDATALOAD SLOAD ${answer('')}
  :decimals ${answer('0x06')}
  :symbol ${answer(`0x${Buffer.from('TKN').toString('hex').padEnd(64, '0')}`)}
  :transfer ${transfers[kind]}`

/** Puts a token at an address of anvil's, and gives it to holders. */
export async function putToken(
  anvil: Pick<Anvil, 'call'>,
  address: string,
  kind: TokenKind,
  holders: Readonly<Record<string, bigint>>,
): Promise<void> {
  await anvil.call('anvil_setCode', [address, assemble(source(kind))])
  for (const [holder, amount] of Object.entries(holders))
    await anvil.call('anvil_setStorageAt', [
      address,
      `0x${holder.slice(2).toLowerCase().padStart(64, '0')}`,
      `0x${amount.toString(16).padStart(64, '0')}`,
    ])
}

export async function tokenBalance(
  anvil: Pick<Anvil, 'call'>,
  address: string,
  holder: string,
): Promise<bigint> {
  const data = `0x70a08231${holder.slice(2).toLowerCase().padStart(64, '0')}`
  return BigInt(
    String(await anvil.call('eth_call', [{ to: address, data }, 'latest'])),
  )
}
