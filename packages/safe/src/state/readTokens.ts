import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { askEach } from './askEach.js'
import { askWord } from './askWord.js'

/** A contract's own description as a token. */
export type Token = {
  /** Total supply; undefined if it doesn't report it. */
  readonly supply: bigint | undefined
  /** Whether it is a collection (ERC-721). */
  readonly isCollection: boolean
}

const totalSupply: Hex = '0x18160ddd'
const supports = (id: string): Hex => `0x01ffc9a7${id.padEnd(64, '0')}`
const erc721 = supports('80ac58cd')
/**
 * The id that no interface has (ERC-165). A contract that claims to support it
 * claims to support everything.
 */
const none = supports('ffffffff')

/** @throws the RPC client's errors if no node answers */
export async function readTokens(
  rpc: Rpc,
  tokens: Iterable<Hex>,
  block: bigint,
  options: { deadline?: number | undefined } = {},
): Promise<Map<Hex, Token>> {
  const read = async (token: Hex): Promise<[Hex, Token]> => {
    const [supply, isIt, isAnything] = await Promise.all(
      [totalSupply, erc721, none].map((data) =>
        askWord(rpc, { to: token, data }, block, options),
      ),
    )
    return [token, { supply, isCollection: isIt === 1n && isAnything === 0n }]
  }
  return new Map(await askEach([...new Set(tokens)], read))
}
