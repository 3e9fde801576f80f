import * as Digest from '@keyward/core/digest'
import { KmsSigner } from '@keyward/core/ethers'
import { toAccount } from '@keyward/core/viem'
import {
  Authorization,
  Message,
  type SigningKey,
  Transaction,
  TypedData,
} from '../../../packages/core/src/index.js'

/** Does what the door is for, with a key. */
export type Door = (key: SigningKey.SigningKey) => Promise<unknown>

const to = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const transaction: Transaction.Unsigned = {
  ...{ type: 'legacy', chainId: 1, nonce: 0n, gas: 21_000n, gasPrice: 2n },
  ...{ to, value: 1n, data: '0x' },
}
const typedData = {
  domain: { name: 'Door' },
  types: { Mail: [{ name: 'to', type: 'address' }] },
  primaryType: 'Mail' as const,
  message: { to },
} as const
const authorization = { address: to, chainId: 1, nonce: 0n } as const

const viem = (name: string) => `@keyward/core/viem toAccount().${name}`
const ethers = (name: string) => `@keyward/core/ethers KmsSigner().${name}`

/** All that the library has to sign with; the keys are as they are exported. */
export const libraryDoors: Record<string, Door> = {
  '@keyward/core SigningKey.connect': (key) =>
    key.sign({ kind: 'message', message: 'hello' }),
  // What it opens is the same; without the address, as a function has it.
  '@keyward/core SigningKey.open': async (key) => {
    const unknown: SigningKey.LazySigningKey = key
    await unknown.sign({ kind: 'typedData', typedData })
  },
  '@keyward/core openTransactionKey': (key) =>
    key.sign({ kind: 'transaction', transaction }),
  '@keyward/core openTypedDataKey': (key) =>
    key.sign({ kind: 'typedData', typedData }),
  '@keyward/core Transaction.sign': (key) => Transaction.sign(key, transaction),
  '@keyward/core Message.sign': (key) => Message.sign(key, 'hello'),
  '@keyward/core TypedData.sign': (key) => TypedData.sign(key, typedData),
  '@keyward/core Authorization.sign': (key) =>
    Authorization.sign(key, authorization),
  '@keyward/core/digest from': (key) =>
    key.sign(Digest.from(new Uint8Array(32))),
  '@keyward/core/digest fromTransaction': (key) =>
    key.sign(Digest.fromTransaction('0x7b01')),
  [viem('sign')]: (key) =>
    toAccount(key, { toDigest: Digest.from }).sign({
      hash: `0x${'07'.repeat(32)}`,
    }),
  [viem('signMessage')]: (key) =>
    toAccount(key).signMessage({ message: 'hello' }),
  [viem('signTypedData')]: (key) => toAccount(key).signTypedData(typedData),
  [viem('signAuthorization')]: (key) =>
    toAccount(key).signAuthorization({ ...authorization, nonce: 0 }),
  [viem('signTransaction')]: (key) =>
    toAccount(key).signTransaction({
      ...{ type: 'legacy', chainId: 1, nonce: 0, gas: 21_000n, gasPrice: 2n },
      to,
    }),
  [ethers('signTransaction')]: (key) =>
    new KmsSigner(key).signTransaction({
      ...{ type: 0, chainId: 1, nonce: 0, gasLimit: 21_000, gasPrice: 2 },
      to,
    }),
  [ethers('signMessage')]: (key) => new KmsSigner(key).signMessage('hello'),
  [ethers('signTypedData')]: (key) => {
    const { domain, types, message } = typedData
    const mutable = { Mail: [...types.Mail] }
    return new KmsSigner(key).signTypedData(domain, mutable, message)
  },
  [ethers('authorize')]: (key) =>
    new KmsSigner(key).authorize({ address: to, chainId: 1n, nonce: 0n }),
}
