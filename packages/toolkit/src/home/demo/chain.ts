import { rpc, waitForReceipt } from '../rpc.js'
import { MismatchError } from './mine.js'

/** anvil's second account, used as the receiver. */
export const receiver = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
export const fundsWei = 10n ** 18n

export async function fund(rpcUrl: string, address: string): Promise<void> {
  const [rich] = await rpc<string[]>(rpcUrl, 'eth_accounts')
  const hash = await rpc<string>(rpcUrl, 'eth_sendTransaction', [
    { from: rich, to: address, value: `0x${fundsWei.toString(16)}` },
  ])
  const { status } = await waitForReceipt(rpcUrl, hash)
  if (status !== '0x1') throw new MismatchError('Funding the account failed.')
}

/** Twice the base fee is enough for several blocks, even full ones. */
export async function currentFees(
  rpcUrl: string,
): Promise<{ max: bigint; priority: bigint }> {
  const block = await rpc<{ baseFeePerGas: string }>(
    rpcUrl,
    'eth_getBlockByNumber',
    ['latest', false],
  )
  const priority = 1_000_000_000n
  return { max: 2n * BigInt(block.baseFeePerGas) + priority, priority }
}
