import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms'
import { keccak256, recoverAddress, serializeTransaction, toHex } from 'viem'
import { publicKeyToAddress, toAccount } from 'viem/accounts'

const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** @param {any} client @param {string} keyId */
export async function createViemAccount(client, keyId) {
  const { PublicKey } = await client.send(
    new GetPublicKeyCommand({ KeyId: keyId }),
  )
  const address = publicKeyToAddress(toHex(PublicKey.slice(-65)))
  return toAccount({
    address,
    async signMessage() {
      throw new Error('not measured')
    },
    async signTypedData() {
      throw new Error('not measured')
    },
    async signTransaction(transaction) {
      const hash = keccak256(serializeTransaction(transaction))
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyId,
          Message: Buffer.from(hash.slice(2), 'hex'),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      )
      const { r, s } = readDer(Signature)
      for (const yParity of [0, 1]) {
        const signature = { r, s, yParity }
        if ((await recoverAddress({ hash, signature })) === address)
          return serializeTransaction(transaction, signature)
      }
      throw new Error('no recovery id fits')
    },
  })
}

/** @param {Uint8Array} der */
function readDer(der) {
  const rEnd = 4 + der[3]
  const r = BigInt(toHex(der.slice(4, rEnd)))
  const s = BigInt(toHex(der.slice(rEnd + 2)))
  return {
    r: toHex(r, { size: 32 }),
    s: toHex(s > n / 2n ? n - s : s, { size: 32 }),
  }
}
