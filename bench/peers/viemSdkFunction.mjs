// The peer of our function: viem and the AWS SDK, bundled, doing the same job
// with the public key and the first signature in flight at once.
import {
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms'
import {
  keccak256,
  parseEther,
  recoverAddress,
  serializeTransaction,
  toHex,
} from 'viem'
import { publicKeyToAddress } from 'viem/accounts'

const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const client = new KMSClient({})
const KeyId = process.env.KMS_KEY_ID

export async function handler(event) {
  const transaction = {
    type: 'eip1559',
    chainId: 31337,
    nonce: event.nonce,
    to: event.dst_address,
    value: parseEther(event.amount),
    gas: 21000n,
    maxFeePerGas: BigInt(event.max_fee_per_gas),
    maxPriorityFeePerGas: BigInt(event.max_priority_fee_per_gas),
  }
  const hash = keccak256(serializeTransaction(transaction))
  const [{ PublicKey }, { Signature }] = await Promise.all([
    client.send(new GetPublicKeyCommand({ KeyId })),
    client.send(
      new SignCommand({
        KeyId,
        Message: Buffer.from(hash.slice(2), 'hex'),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    ),
  ])
  const address = publicKeyToAddress(toHex(PublicKey.slice(-65)))
  const rEnd = 4 + Signature[3]
  const r = toHex(BigInt(toHex(Signature.slice(4, rEnd))), { size: 32 })
  const high = BigInt(toHex(Signature.slice(rEnd + 2)))
  const s = toHex(high > n / 2n ? n - high : high, { size: 32 })
  for (const yParity of [0, 1]) {
    const signature = { r, s, yParity }
    if ((await recoverAddress({ hash, signature })) !== address) continue
    const payload = serializeTransaction(transaction, signature)
    return { signed_tx_payload: payload, signed_tx_hash: keccak256(payload) }
  }
  throw new Error('no recovery id fits')
}
