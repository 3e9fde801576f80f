import {
  AbstractSigner,
  type Authorization,
  type AuthorizationRequest,
  assertArgument,
  copyRequest,
  Signature as EthersSignature,
  getAddress,
  getBigInt,
  getBytes,
  hashAuthorization,
  hashMessage,
  type Provider,
  resolveAddress,
  resolveProperties,
  Transaction,
  type TransactionRequest,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from 'ethers'
import * as Signature from '../Signature.js'
import type { LazySigningKey } from '../SigningKey.js'
import {
  assertChainId,
  InvalidTransactionError,
} from '../transaction/assertTransaction.js'

/**
 * An ethers v6 signer whose key lives in KMS: signTransaction,
 * sendTransaction, signMessage, signTypedData, authorize. Exactly one
 * `kms:Sign` each.
 *
 * @throws InvalidTransactionError for a transaction without chain id, which
 * would be valid on every chain
 * @example
 * const signer = new KmsSigner(await SigningKey.connect({ service, keyId }), provider)
 * await signer.sendTransaction({ to, value: 1n })
 */
export class KmsSigner extends AbstractSigner {
  readonly key: LazySigningKey

  constructor(key: LazySigningKey, provider?: Provider | null) {
    super(provider)
    this.key = key
  }

  override connect(provider: Provider | null): KmsSigner {
    return new KmsSigner(this.key, provider)
  }

  override getAddress(): Promise<string> {
    return this.key.getAddress()
  }

  override async signTransaction(request: TransactionRequest): Promise<string> {
    const tx = copyRequest(request)
    const { to, from } = await resolveProperties({
      to: tx.to ? resolveAddress(tx.to, this) : undefined,
      from: tx.from ? resolveAddress(tx.from, this) : undefined,
    })
    if (to !== undefined) tx.to = to
    delete tx.from
    if (from !== undefined)
      assertArgument(
        getAddress(from) === (await this.getAddress()),
        'transaction from address mismatch',
        'tx.from',
        from,
      )
    const transaction = Transaction.from(tx as never)
    if (transaction.chainId === 0n)
      throw new InvalidTransactionError(
        'without a chain id the signature would be valid on every chain',
      )
    assertChainId(
      Number(transaction.chainId),
      transaction.type === 0 ? 'legacy' : undefined,
    )
    transaction.signature = await this.#sign(transaction.unsignedHash)
    return transaction.serialized
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    return (await this.#sign(hashMessage(message))).serialized
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const populated = await TypedDataEncoder.resolveNames(
      domain,
      types,
      value,
      (name) => resolveAddress(name, this) as Promise<string>,
    )
    const hash = TypedDataEncoder.hash(populated.domain, types, populated.value)
    return (await this.#sign(hash)).serialized
  }

  override async authorize(
    request: AuthorizationRequest,
  ): Promise<Authorization> {
    const auth = await this.populateAuthorization({
      ...request,
      address: await resolveAddress(request.address, this),
    })
    return {
      address: getAddress(auth.address as string),
      nonce: getBigInt(auth.nonce ?? 0),
      chainId: getBigInt(auth.chainId ?? 0),
      signature: await this.#sign(hashAuthorization(auth)),
    }
  }

  async #sign(hash: string): Promise<EthersSignature> {
    const signature = await this.key.signDigest(getBytes(hash))
    return EthersSignature.from(Signature.toRpc(signature))
  }
}
