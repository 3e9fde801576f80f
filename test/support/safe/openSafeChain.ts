import {
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  parseAbi,
  parseEventLogs,
  zeroAddress,
} from 'viem'
import { provideSafe } from '../../../scripts/setup/safe.mjs'
import { startAnvil } from '../startAnvil.js'
import {
  type SafeContractName,
  type SafeVersion,
  safeContracts,
  safeDeployer,
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

export type SentTransaction = {
  readonly to?: Hex
  readonly data?: Hex
  readonly value?: bigint
}

/** anvil's last account: it pays for what tests put on the chain. */
const operator = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720'

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
  await provideSafe()
  const anvil = await startAnvil(options.anvilArguments)
  const { call } = anvil

  let last: Promise<unknown> = Promise.resolve()
  /**
   * One after another, as anvil gives two at once the same nonce. With a gas
   * limit, as an estimate refuses what reverts.
   */
  function send({ value = 0n, ...rest }: SentTransaction) {
    const sent = last.then(async () => {
      const hash = await call('eth_sendTransaction', [
        {
          from: operator,
          gas: '0x7a1200',
          value: `0x${value.toString(16)}`,
          ...rest,
        },
      ])
      return anvil.receipt(hash as Hex)
    })
    last = sent.catch(() => undefined)
    return sent
  }

  /** Fails on a revert, which `send` reports by its receipt. */
  async function put(transaction: SentTransaction) {
    const receipt = await send(transaction)
    if (receipt.status !== '0x1')
      throw new Error(`reverted: ${receipt.transactionHash}`)
    return receipt
  }

  async function putRelease(version: SafeVersion) {
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

  async function putReleases() {
    // anvil starts with the deployer of 1.3.0; that of 1.4.1 has its code.
    const code = await call('eth_getCode', [safeDeployer('1.3.0'), 'latest'])
    await call('anvil_setCode', [safeDeployer('1.4.1'), code])
    await Promise.all(safeVersions.map(putRelease))
  }

  try {
    await putReleases()
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
