import {
  encodeFunctionData,
  getAddress,
  type Hex,
  parseAbi,
  parseEventLogs,
  zeroAddress,
} from 'viem'
import { startAnvil } from '../startAnvil.js'
import { createOperator, operator, putReleases } from './putReleases.js'
import {
  type SafeContractName,
  type SafeVersion,
  safeContracts,
  safeVersions,
} from './safeContracts.js'

export type SafeChain = Awaited<ReturnType<typeof openSafeChain>>

export type DeploySafeOptions = {
  readonly owners: readonly Hex[]
  readonly threshold: number
  /** @default 0n */
  readonly saltNonce?: bigint
  /** @default '1.4.1' */
  readonly version?: SafeVersion
  /** @default the version's CompatibilityFallbackHandler */
  readonly fallbackHandler?: Hex
  /** @default the version's Safe, not its SafeL2 */
  readonly singleton?: Hex
}

const abi = parseAbi([
  'function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address proxy)',
  'function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)',
])
// The proxy is indexed since 1.4.1.
const creation = {
  '1.4.1': parseAbi([
    'event ProxyCreation(address indexed proxy, address singleton)',
  ]),
  '1.3.0': parseAbi(['event ProxyCreation(address proxy, address singleton)']),
}

/**
 * An anvil (chain 31337) that has Safe's contracts at their canonical
 * addresses, each with the code hash that safe-deployments has for it.
 *
 * @throws {Error} when a contract has another code
 */
export async function openSafeChain(
  options: { readonly anvilArguments?: readonly string[] } = {},
) {
  const anvil = await startAnvil(options.anvilArguments)
  const { call } = anvil
  const { send, put } = createOperator(call)

  try {
    await putReleases(call)
  } catch (error) {
    await anvil.stop()
    throw error
  }

  const addresses = Object.fromEntries(
    safeVersions.map((version) => [version, toAddresses(version)]),
  ) as Record<SafeVersion, Record<SafeContractName, Hex>>

  return {
    anvil,
    url: anvil.url,
    chainId: 31337,
    /** The account that `send`, `deploy` and `deploySafe` send from. */
    operator: operator as Hex,
    /** Of each contract, by version and name. */
    addresses,
    /** Creates a Safe as Safe's own tools do. Returns its address. */
    async deploySafe(safe: DeploySafeOptions): Promise<Hex> {
      const { owners, threshold, saltNonce = 0n, version = '1.4.1' } = safe
      const own = addresses[version]
      const { singleton = own.safe, fallbackHandler = own.fallbackHandler } =
        safe
      const calledAtSetup = [zeroAddress, '0x'] as const
      const paidForSetup = [zeroAddress, 0n, zeroAddress] as const
      const initializer = encodeFunctionData({
        abi,
        functionName: 'setup',
        args: [
          owners,
          BigInt(threshold),
          ...calledAtSetup,
          fallbackHandler,
          ...paidForSetup,
        ],
      })
      const { logs } = await put({
        to: own.proxyFactory,
        data: encodeFunctionData({
          abi,
          functionName: 'createProxyWithNonce',
          args: [singleton, initializer, saltNonce],
        }),
      })
      const [created] = parseEventLogs({
        abi: creation[version],
        logs: logs as never,
      })
      return getAddress(created?.args.proxy as Hex)
    },
    /** Creates a contract from its init code. Returns its address. */
    async deploy(initCode: Hex): Promise<Hex> {
      const { contractAddress } = await put({ data: initCode })
      return getAddress(contractAddress as Hex)
    },
    /** Sends from the operator. The receipt's `status` tells of a revert. */
    send,
    /** Sets a balance. */
    fund: (address: Hex, wei: bigint) => anvil.setBalance(address, wei),
    mine: (blocks = 1) => call('anvil_mine', [`0x${blocks.toString(16)}`]),
    /** A word of storage as the chain has it now. */
    storageAt: async (address: Hex, slot: bigint) =>
      (await call('eth_getStorageAt', [
        address,
        `0x${slot.toString(16)}`,
        'latest',
      ])) as Hex,
    close: () => anvil.stop(),
  }
}

function toAddresses(version: SafeVersion) {
  const entries = Object.entries(safeContracts(version))
  return Object.fromEntries(
    entries.map(([name, { address }]) => [name, address]),
  )
}
