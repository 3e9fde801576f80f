import * as Hex from 'ox/Hex'
import {
  getTransactionType,
  type LocalAccount,
  type serializeTransaction,
  type TransactionSerializable,
} from 'viem'
import * as Authorization from '../Authorization.js'
import { BaseError } from '../errors/BaseError.js'
import * as Message from '../Message.js'
import type { SigningRequest } from '../Request.js'
import * as Signature from '../Signature.js'
import type { SigningKey } from '../SigningKey.js'
import * as TypedData from '../TypedData.js'
import { assertChainId } from '../transaction/assertTransaction.js'
import { InvalidTransactionError } from '../transaction/InvalidTransactionError.js'
import type { Form } from '../transaction/SidecarForm.js'
import { signSerialized } from './signSerialized.js'

/** A viem account whose key lives in KMS. */
export type KeywardAccount = LocalAccount<'keyward'> & {
  // viem declares these methods as optional, with undefined as a value.
  [name in 'sign' | 'signAuthorization']: NonNullable<LocalAccount[name]>
}

export type AccountOptions = {
  nonceManager?: LocalAccount['nonceManager']
  /**
   * The kind of proofs that the network accepts with blobs: `eip4844`, which
   * viem creates, or `eip7594`. @default the kind that the network is known to
   * accept
   */
  sidecar?: Form | undefined
  /**
   * `Digest.from` from `@keyward/core/digest`, for programs that must sign bare
   * hashes with `account.sign`. @default bare hashes are refused
   */
  toDigest?:
    | ((hash: Hex.Hex) => Extract<SigningRequest, { kind: 'digest' }>)
    | undefined
}

/**
 * A viem `LocalAccount`: transactions of every type (including custom
 * serializers), EIP-191 messages, EIP-712 typed data, EIP-7702 authorisations.
 * Exactly one `kms:Sign` each. `publicKey` is `0x` until it is known; with
 * `expectedAddress`, this is after the first signature.
 *
 * @throws InvalidTransactionError for a transaction with no chain id or chain
 * id 0, which would be valid on every chain
 * @example
 * const account = toAccount(await SigningKey.connect({ service, keyId }))
 * const wallet = createWalletClient({ account, chain, transport: http() })
 */
export function toAccount(
  key: SigningKey,
  { nonceManager, toDigest, sidecar }: AccountOptions = {},
): KeywardAccount {
  return {
    address: key.address,
    get publicKey() {
      return key.publicKey === undefined ? '0x' : Hex.fromBytes(key.publicKey)
    },
    nonceManager,
    source: 'keyward',
    type: 'local',
    async sign({ hash }) {
      if (toDigest === undefined) throw new DigestNotAllowedError()
      return Signature.toHex(await key.sign(toDigest(hash)))
    },
    signMessage: ({ message }) => Message.sign(key, message),
    signTypedData: (typedData) =>
      TypedData.sign(key, typedData as unknown as TypedData.TypedData),
    async signAuthorization({ chainId, nonce, ...rest }) {
      const address = rest.contractAddress ?? rest.address
      if (address === undefined)
        throw new InvalidTransactionError(
          'its address is missing',
          'authorization',
        )
      const { r, s, yParity } = await Authorization.sign(key, {
        address,
        chainId,
        nonce: BigInt(nonce),
      })
      const v = yParity === 0 ? 27n : 28n
      return { address, chainId, nonce, r, s, v, yParity }
    },
    async signTransaction(transaction, { serializer } = {}) {
      assertChain(transaction, serializer === undefined)
      return signSerialized(key, transaction as TransactionSerializable, {
        serialize: serializer as typeof serializeTransaction | undefined,
        sidecar,
      })
    },
  }
}

// viem signs a legacy transaction without EIP-155 if its chain id is 0 or
// missing.
function assertChain(transaction: object, isViemsOwn: boolean): void {
  const { chainId } = transaction as { chainId?: number }
  if (chainId === undefined || chainId === 0)
    throw new InvalidTransactionError(
      'without a chain id, its signature would be valid on every chain; set chainId',
    )
  assertChainId(
    chainId,
    isViemsOwn ? getTransactionType(transaction as never) : undefined,
  )
}

/** A bare hash can have any meaning. Nothing was signed. */
export class DigestNotAllowedError extends BaseError {
  constructor() {
    super('digest-not-allowed', 'This account does not sign bare hashes.', {
      details:
        'A hash does not show what was hashed. Use signTransaction, signMessage, signTypedData or signAuthorization. If you must sign a hash, pass toDigest: Digest.from (from @keyward/core/digest) to toAccount.',
    })
    this.name = 'DigestNotAllowedError'
  }
}
