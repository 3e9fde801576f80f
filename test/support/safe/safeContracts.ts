import { readFileSync } from 'node:fs'
import { getContractAddress, type Hex, keccak256, zeroHash } from 'viem'
import { provideSafe, safe } from '../../../scripts/setup/safe.mjs'

// They are read while tests are defined.
await provideSafe()

export type SafeVersion = keyof typeof releases

export type SafeContractName =
  | 'safe'
  | 'safeL2'
  | 'proxyFactory'
  | 'multiSend'
  | 'multiSendCallOnly'
  | 'fallbackHandler'
  | 'signMessageLib'
  | 'createCall'
  | 'simulateTxAccessor'

/**
 * For each contract its artefact and its list of deployments. The package of
 * 1.4.1 is under LGPL-3.0 and that of 1.3.0 under GPL-3.0: tests only.
 */
const releases = {
  '1.4.1': {
    artifacts: '@safe-global/safe-contracts',
    /** Of the deterministic deployer that this release was put on chains by. */
    deployer: '0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7',
    contracts: {
      safe: ['Safe.sol/Safe', 'safe'],
      safeL2: ['SafeL2.sol/SafeL2', 'safe_l2'],
      proxyFactory: [
        'proxies/SafeProxyFactory.sol/SafeProxyFactory',
        'safe_proxy_factory',
      ],
      signMessageLib: [
        'libraries/SignMessageLib.sol/SignMessageLib',
        'sign_message_lib',
      ],
    },
  },
  '1.3.0': {
    artifacts: '@gnosis.pm/safe-contracts',
    deployer: '0x4e59b44847b379578588920cA78FbF26c0B4956C',
    contracts: {
      safe: ['GnosisSafe.sol/GnosisSafe', 'gnosis_safe'],
      safeL2: ['GnosisSafeL2.sol/GnosisSafeL2', 'gnosis_safe_l2'],
      proxyFactory: [
        'proxies/GnosisSafeProxyFactory.sol/GnosisSafeProxyFactory',
        'proxy_factory',
      ],
      // The package has other bytes than the one that is on chains.
      signMessageLib: [
        'examples/libraries/SignMessage.sol/SignMessageLib',
        undefined,
      ],
    },
  },
} as const

/** Named alike in both. */
const common = {
  multiSend: ['libraries/MultiSend.sol/MultiSend', 'multi_send'],
  multiSendCallOnly: [
    'libraries/MultiSendCallOnly.sol/MultiSendCallOnly',
    'multi_send_call_only',
  ],
  fallbackHandler: [
    'handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler',
    'compatibility_fallback_handler',
  ],
  createCall: ['libraries/CreateCall.sol/CreateCall', 'create_call'],
  simulateTxAccessor: [
    'accessors/SimulateTxAccessor.sol/SimulateTxAccessor',
    'simulate_tx_accessor',
  ],
} as const

export const safeVersions = Object.keys(releases) as SafeVersion[]

/** The deployer of a release. */
export const safeDeployer = (version: SafeVersion): Hex =>
  releases[version].deployer

export type SafeContract = {
  readonly address: Hex
  readonly codeHash: Hex
  readonly initCode: Hex
  /** Whether address and code hash are safe-deployments'. */
  readonly canonical: boolean
}

/**
 * A release's contracts: the bytes to create each with, and the canonical
 * address and code hash as safe-deployments has them. Only 1.3.0's
 * `signMessageLib` is at an address of its own.
 */
export function safeContracts(
  version: SafeVersion,
): Record<SafeContractName, SafeContract> {
  const { artifacts, contracts, deployer } = releases[version]
  const entries = Object.entries({ ...contracts, ...common }).map(
    ([name, [artifact, deployment]]) => {
      const { bytecode, deployedBytecode } = readJson(
        ...[artifacts, 'build/artifacts/contracts', `${artifact}.json`],
      )
      const own = {
        address: getContractAddress({
          ...({ opcode: 'CREATE2', from: deployer } as const),
          ...{ salt: zeroHash, bytecode },
        }),
        codeHash: keccak256(deployedBytecode),
      }
      const found = deployment && readDeployment(version, deployment)
      return [
        name,
        { ...(found ?? own), initCode: bytecode, canonical: !!found },
      ]
    },
  )
  return Object.fromEntries(entries)
}

function readDeployment(version: SafeVersion, name: string) {
  const { deployments } = readJson(
    '@safe-global/safe-deployments/dist/assets',
    ...[`v${version}`, `${name}.json`],
  )
  const { address, codeHash } = deployments.canonical
  return { address, codeHash }
}

function readJson(...names: string[]) {
  return JSON.parse(readFileSync(safe.path(...names), 'utf8'))
}
