import * as Hex from 'ox/Hex'
import {
  getTransactionType,
  keccak256,
  type LocalAccount,
  serializeTransaction,
  type Hex as ViemHex,
} from 'viem'
import * as Authorization from '../Authorization.js'
import * as Message from '../Message.js'
import * as Signature from '../Signature.js'
import type { SigningKey } from '../SigningKey.js'
import * as TypedData from '../TypedData.js'
import {
  assertChainId,
  InvalidTransactionError,
} from '../transaction/assertTransaction.js'

/** A viem account whose key lives in KMS. */
export type KeywardAccount = LocalAccount<'keyward'> & {
  // viem declares them as optional, with undefined as a value.
  [name in 'sign' | 'signAuthorization']: NonNullable<LocalAccount[name]>
}

/**
 * A viem `LocalAccount`: transactions of every type (and of a caller's own
 * serializer), EIP-191 messages, EIP-712 typed data, EIP-7702 authorisations.
 * Exactly one `kms:Sign` each. `publicKey` is `0x` until it is known, which
 * with `expectedAddress` is after the first signature.
 *
 * @throws InvalidTransactionError for a transaction without chain id, or with
 * chain id 0, which would be valid on every chain
 * @example
 * const account = toAccount(await SigningKey.connect({ service, keyId }))
 * const wallet = createWalletClient({ account, chain, transport: http() })
 */
export function toAccount(
  key: SigningKey,
  options: { nonceManager?: LocalAccount['nonceManager'] } = {},
): KeywardAccount {
  async function signHash(hash: ViemHex) {
    const signature = await key.signDigest(Hex.toBytes(hash))
    const { r, s, yParity } = Signature.toRpc(signature)
    return { r, s, yParity, v: yParity === 0 ? 27n : 28n }
  }
  return {
    address: key.address,
    get publicKey() {
      return key.publicKey === undefined ? '0x' : Hex.fromBytes(key.publicKey)
    },
    nonceManager: options.nonceManager,
    source: 'keyward',
    type: 'local',
    async sign({ hash }) {
      return Signature.toHex(await key.signDigest(Hex.toBytes(hash)))
    },
    signMessage: ({ message }) => Message.sign(key, message),
    signTypedData: (typedData) =>
      TypedData.sign(key, typedData as unknown as TypedData.TypedData),
    async signAuthorization({ chainId, nonce, ...rest }) {
      const address = rest.contractAddress ?? rest.address
      if (address === undefined)
        throw new InvalidTransactionError('the authorised address is missing')
      const { r, s, yParity } = await Authorization.sign(key, {
        address,
        chainId,
        nonce: BigInt(nonce),
      })
      const v = yParity === 0 ? 27n : 28n
      return { address, chainId, nonce, r, s, v, yParity }
    },
    async signTransaction(transaction, { serializer } = {}) {
      const serialize = (serializer ??
        serializeTransaction) as typeof serializeTransaction
      assertChain(transaction, serializer === undefined)
      // The signed body of a type 3 transaction does not hold its blobs.
      const body =
        (transaction as { type?: string }).type === 'eip4844'
          ? { ...transaction, sidecars: false }
          : transaction
      const hash = keccak256(await serialize(body as never))
      return serialize(transaction as never, await signHash(hash))
    },
  }
}

// viem signs a legacy transaction with chain id 0 or none without EIP-155.
function assertChain(transaction: object, isViemsOwn: boolean): void {
  const { chainId } = transaction as { chainId?: number }
  if (chainId === undefined || chainId === 0)
    throw new InvalidTransactionError(
      'without a chain id the signature would be valid on every chain',
    )
  assertChainId(
    chainId,
    isViemsOwn ? getTransactionType(transaction as never) : undefined,
  )
}
