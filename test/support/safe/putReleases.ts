import { setTimeout as sleep } from 'node:timers/promises'
import { type Hex, keccak256 } from 'viem'
import {
  type SafeVersion,
  safeContracts,
  safeDeployer,
  safeVersions,
} from './safeContracts.js'

type Call = (method: string, params?: unknown[]) => Promise<unknown>

export type SentTransaction = {
  readonly to?: Hex
  readonly data?: Hex
  readonly value?: bigint
}

type Receipt = {
  status: Hex
  transactionHash: Hex
  contractAddress: Hex | null
  logs: unknown[]
}

/** anvil's last account: it pays for what tests put on the chain. */
export const operator = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720'

/** Sends from an account that anvil itself signs for. */
export function createOperator(call: Call) {
  let last: Promise<unknown> = Promise.resolve()
  /**
   * One after another, as anvil gives two at once the same nonce. With a gas
   * limit, as an estimate refuses what reverts.
   */
  function send({ value = 0n, ...rest }: SentTransaction): Promise<Receipt> {
    const sent = last.then(async () => {
      const hash = await call('eth_sendTransaction', [
        {
          from: operator,
          gas: '0x7a1200',
          value: `0x${value.toString(16)}`,
          ...rest,
        },
      ])
      for (;;) {
        const receipt = await call('eth_getTransactionReceipt', [hash])
        if (receipt != null) return receipt as Receipt
        await sleep(5)
      }
    })
    last = sent.catch(() => undefined)
    return sent
  }

  /** Fails on a revert, which `send` reports by its receipt. */
  async function put(transaction: SentTransaction): Promise<Receipt> {
    const receipt = await send(transaction)
    if (receipt.status !== '0x1')
      throw new Error(`reverted: ${receipt.transactionHash}`)
    return receipt
  }
  return { send, put }
}

/**
 * Safe's contracts at their canonical addresses, on any anvil.
 *
 * @throws {Error} when one has another code than safe-deployments says
 */
export async function putReleases(
  call: Call,
  versions: readonly SafeVersion[] = safeVersions,
): Promise<void> {
  // anvil starts with the deployer of 1.3.0; that of 1.4.1 has its code.
  const code = await call('eth_getCode', [safeDeployer('1.3.0'), 'latest'])
  await call('anvil_setCode', [safeDeployer('1.4.1'), code])
  const { send } = createOperator(call)
  for (const version of versions) await putRelease(call, send, version)
}

async function putRelease(
  call: Call,
  send: ReturnType<typeof createOperator>['send'],
  version: SafeVersion,
): Promise<void> {
  const contracts = Object.values(safeContracts(version))
  const salt = '00'.repeat(32)
  await Promise.all(
    contracts.map(({ initCode }) =>
      send({
        to: safeDeployer(version),
        data: `0x${salt}${initCode.slice(2)}`,
      }),
    ),
  )
  for (const { address, codeHash } of contracts) {
    const code = await call('eth_getCode', [address, 'latest'])
    if (keccak256(code as Hex) !== codeHash)
      throw new Error(`${address} does not have the code of Safe ${version}`)
  }
}
