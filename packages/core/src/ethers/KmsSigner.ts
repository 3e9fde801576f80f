import {
  AbstractSigner,
  type AuthorizationRequest,
  assertArgument,
  copyRequest,
  type Authorization as EthersAuthorization,
  Signature as EthersSignature,
  getAddress,
  getBigInt,
  type Provider,
  resolveAddress,
  resolveProperties,
  Transaction,
  type TransactionRequest,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  toUtf8Bytes,
} from 'ethers'
import type { Hex } from 'ox/Hex'
import * as Authorization from '../Authorization.js'
import * as Message from '../Message.js'
import * as Signature from '../Signature.js'
import type { LazySigningKey } from '../SigningKey.js'
import * as TypedData from '../TypedData.js'
import { assertChainId } from '../transaction/assertTransaction.js'
import { decodeUnsigned } from '../transaction/decode.js'
import { InvalidTransactionError } from '../transaction/InvalidTransactionError.js'
import { hash } from '../transaction/serialize.js'

/**
 * An ethers v6 signer whose key lives in KMS: signTransaction, sendTransaction,
 * signMessage, signTypedData, authorize. Exactly one `kms:Sign` each.
 *
 * @throws InvalidTransactionError for a transaction without a chain id, which
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
    const given = Transaction.from(tx as never)
    if (given.chainId === 0n)
      throw new InvalidTransactionError(
        'without a chain id, its signature would be valid on every chain; set chainId',
      )
    assertChainId(
      Number(given.chainId),
      given.type === 0 ? 'legacy' : undefined,
    )
    const signed = await this.key.sign({
      kind: 'transaction',
      transaction: decodeUnsigned(given.unsignedSerialized as Hex),
    })
    given.signature = toEthers(signed)
    if (given.hash !== hash(signed.request.transaction, signed))
      throw new InvalidTransactionError(
        'the transaction that ethers serialized with the signature is not the one that was signed',
      )
    return given.serialized
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    const raw = typeof message === 'string' ? toUtf8Bytes(message) : message
    return Message.sign(this.key, { raw })
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
    const { domain: d, value: v } = populated
    const typedData = TypedDataEncoder.getPayload(d, types, v)
    if (
      TypedData.getSignPayload(typedData) !== TypedDataEncoder.hash(d, types, v)
    )
      throw new TypedData.InvalidTypedDataError(
        'Keyward and ethers compute different hashes for it',
        'Nothing was signed. Please report this as a bug of Keyward.',
      )
    return TypedData.sign(this.key, typedData)
  }

  override async authorize(
    request: AuthorizationRequest,
  ): Promise<EthersAuthorization> {
    const auth = await this.populateAuthorization({
      ...request,
      address: await resolveAddress(request.address, this),
    })
    const address = getAddress(auth.address as string)
    const nonce = getBigInt(auth.nonce ?? 0)
    const chainId = getBigInt(auth.chainId ?? 0)
    const signed = await Authorization.sign(this.key, {
      address: address as Hex,
      nonce,
      chainId: Number(chainId),
    })
    const { r, s, yParity } = signed
    const signature = EthersSignature.from({ r, s, yParity })
    return { address, nonce, chainId, signature }
  }
}

function toEthers(signature: Signature.Recovered): EthersSignature {
  return EthersSignature.from(Signature.toRpc(signature))
}
