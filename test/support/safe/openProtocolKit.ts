import { type Hex, type LocalAccount, zeroAddress } from 'viem'
import type { SafeChain } from './openSafeChain.js'
import {
  type Kit,
  type KitConfiguration,
  loadProtocolKit,
} from './protocolKit.js'
import type { SafeVersion } from './safeContracts.js'
import { type Eip1193, toEip1193 } from './toEip1193.js'

export type OpenProtocolKitOptions = {
  /** A Safe that exists, or one to be created. */
  readonly safe:
    | Hex
    | {
        readonly owners: readonly Hex[]
        readonly threshold: number
        /** @default 0n */
        readonly saltNonce?: bigint
        /** @default the version's CompatibilityFallbackHandler */
        readonly fallbackHandler?: Hex
      }
  /** Who signs and sends; without one nothing can be signed. */
  readonly signer?: LocalAccount | Eip1193
  /** @default '1.4.1' */
  readonly version?: SafeVersion
}

/** Safe's own protocol-kit, for a Safe whose singleton is not the L2 one. */
export async function openProtocolKit(
  chain: SafeChain,
  { safe, signer, version = '1.4.1' }: OpenProtocolKitOptions,
): Promise<Kit> {
  const { default: Safe } = await loadProtocolKit()
  const own = chain.addresses[version]
  const configuration = {
    ...toProvider(chain, signer),
    isL1SafeSingleton: true,
    // It knows no chain 31337 and asks for every address.
    contractNetworks: {
      [chain.chainId]: {
        safeSingletonAddress: own.safe,
        safeProxyFactoryAddress: own.proxyFactory,
        multiSendAddress: own.multiSend,
        multiSendCallOnlyAddress: own.multiSendCallOnly,
        fallbackHandlerAddress: own.fallbackHandler,
        signMessageLibAddress: own.signMessageLib,
        createCallAddress: own.createCall,
        simulateTxAccessorAddress: own.simulateTxAccessor,
        safeWebAuthnSignerFactoryAddress: zeroAddress,
        safeWebAuthnSharedSignerAddress: zeroAddress,
      },
    },
  } satisfies Partial<KitConfiguration>
  if (typeof safe === 'string')
    return Safe.init({ ...configuration, safeAddress: safe })
  const { saltNonce = 0n, fallbackHandler = own.fallbackHandler } = safe
  const { owners, threshold } = safe
  return Safe.init({
    ...configuration,
    predictedSafe: {
      safeAccountConfig: { owners, threshold, fallbackHandler },
      safeDeploymentConfig: {
        saltNonce: String(saltNonce),
        safeVersion: version,
      },
    },
  })
}

function toProvider(
  chain: SafeChain,
  signer: OpenProtocolKitOptions['signer'],
): Pick<KitConfiguration, 'provider' | 'signer'> {
  if (signer === undefined) return { provider: chain.url }
  if ('request' in signer) return { provider: signer }
  return {
    provider: toEip1193(signer, chain.url),
    signer: signer.address,
  }
}
