import { createRequire } from 'node:module'
import { provideSafe, safe } from '../../../scripts/setup/safe.mjs'
import type { Eip1193 } from './toEip1193.js'

// What we use of protocol-kit. Its own types are not at hand where its folder
// has not been installed, and there they would fail `npm run check`.

/** Amounts are decimal strings; `operation` is 0 or 1. */
export type KitCall = {
  readonly to: string
  readonly value: string
  readonly data: string
  readonly operation?: number
}

export type KitTransactionData = Required<KitCall> & {
  readonly safeTxGas: string
  readonly baseGas: string
  readonly gasPrice: string
  readonly gasToken: string
  readonly refundReceiver: string
  readonly nonce: number
}

type KitOptions = Partial<Omit<KitTransactionData, keyof KitCall>>

export type KitSignature = {
  readonly signer: string
  readonly data: string
  readonly isContractSignature: boolean
}

type KitSigned<data> = {
  readonly data: data
  /** By the owner's address in lower case. */
  readonly signatures: Map<string, KitSignature>
  addSignature(signature: KitSignature): void
  /** All of them, as the contract takes them. */
  encodedSignatures(): string
}

export type KitTransaction = KitSigned<KitTransactionData>

export type KitMessage = KitSigned<unknown>

type KitMethod =
  | 'eth_sign'
  | 'eth_signTypedData'
  | 'eth_signTypedData_v3'
  | 'eth_signTypedData_v4'

export type Kit = {
  getAddress(): Promise<string>
  getOwners(): Promise<string[]>
  getThreshold(): Promise<number>
  getNonce(): Promise<number>
  getModules(): Promise<string[]>
  getGuard(): Promise<string>
  getFallbackHandler(): Promise<string>
  getContractVersion(): string
  getMultiSendCallOnlyAddress(): string
  isSafeDeployed(): Promise<boolean>
  createTransaction(parameters: {
    readonly transactions: readonly KitCall[]
    /** More than one call goes to MultiSendCallOnly, not to MultiSend. */
    readonly onlyCalls?: boolean
    readonly options?: KitOptions
  }): Promise<KitTransaction>
  createRejectionTransaction(nonce: number): Promise<KitTransaction>
  createAddOwnerTx(
    parameters: { readonly ownerAddress: string; readonly threshold?: number },
    options?: KitOptions,
  ): Promise<KitTransaction>
  createRemoveOwnerTx(
    parameters: { readonly ownerAddress: string; readonly threshold?: number },
    options?: KitOptions,
  ): Promise<KitTransaction>
  createSwapOwnerTx(
    parameters: {
      readonly oldOwnerAddress: string
      readonly newOwnerAddress: string
    },
    options?: KitOptions,
  ): Promise<KitTransaction>
  createChangeThresholdTx(
    threshold: number,
    options?: KitOptions,
  ): Promise<KitTransaction>
  createEnableModuleTx(
    address: string,
    options?: KitOptions,
  ): Promise<KitTransaction>
  createEnableGuardTx(
    address: string,
    options?: KitOptions,
  ): Promise<KitTransaction>
  createEnableFallbackHandlerTx(
    address: string,
    options?: KitOptions,
  ): Promise<KitTransaction>
  getTransactionHash(transaction: KitTransaction): Promise<string>
  /** `execTransaction`'s calldata. */
  getEncodedTransaction(transaction: KitTransaction): Promise<string>
  /** Returns a copy that has one signature more. */
  signTransaction(
    transaction: KitTransaction,
    method?: KitMethod,
  ): Promise<KitTransaction>
  signHash(hash: string): Promise<KitSignature>
  isValidTransaction(transaction: KitTransaction): Promise<boolean>
  /** Without `gasLimit`, by an estimate at a price of gas of 0. */
  executeTransaction(
    transaction: KitTransaction,
    options?: { readonly gasLimit?: string },
  ): Promise<{ hash: string }>
  approveTransactionHash(hash: string): Promise<{ hash: string }>
  createMessage(message: unknown): KitMessage
  signMessage(message: KitMessage, method?: KitMethod): Promise<KitMessage>
  getSafeMessageHash(messageHash: string): Promise<string>
  isValidSignature(
    messageHash: string,
    signature?: string | readonly KitSignature[],
  ): Promise<boolean>
  /** Creates the Safe that was predicted. */
  createSafeDeploymentTransaction(): Promise<{
    to: string
    value: string
    data: string
  }>
}

export type PredictedSafe = {
  readonly safeAccountConfig: {
    readonly owners: readonly string[]
    readonly threshold: number
    readonly fallbackHandler?: string
  }
  readonly safeDeploymentConfig: {
    readonly saltNonce: string
    readonly safeVersion: string
  }
}

/** @param provider an EIP-1193 object, or a URL with which nothing is signed */
export type KitConfiguration = {
  readonly provider: Eip1193 | string
  readonly signer?: string
  readonly isL1SafeSingleton: boolean
  readonly contractNetworks: Record<string, Record<string, string>>
} & (
  | { readonly safeAddress: string }
  | { readonly predictedSafe: PredictedSafe }
)

type ProtocolKit = {
  readonly default: {
    init(configuration: KitConfiguration): Promise<Kit>
  }
  /** Adds to a KitTransaction or KitMessage a signature made elsewhere. */
  readonly EthSafeSignature: new (
    signer: string,
    signature: string,
    isContractSignature?: boolean,
  ) => KitSignature
  readonly buildSignatureBytes: (signatures: readonly KitSignature[]) => string
  readonly calculateSafeTransactionHash: (
    safeAddress: string,
    transaction: KitTransactionData,
    safeVersion: string,
    chainId: bigint,
  ) => string
  readonly calculateSafeMessageHash: (
    safeAddress: string,
    message: unknown,
    safeVersion: string,
    chainId: bigint,
  ) => string
  readonly hashSafeMessage: (message: unknown) => string
  readonly encodeMultiSendData: (calls: readonly KitCall[]) => string
  readonly decodeMultiSendData: (data: string) => Required<KitCall>[]
}

/** The package's own functions. */
export async function loadProtocolKit(): Promise<ProtocolKit> {
  await provideSafe()
  // By its path, which no check of our own dependencies has to find.
  const load = createRequire(import.meta.url)
  return load(safe.path('@safe-global/protocol-kit'))
}
