import { Transaction as EthersTransaction } from 'ethers'
import fc from 'fast-check'
import { keccak256, serializeTransaction } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import {
  Signature,
  SigningKey,
  Transaction,
} from '../../packages/core/src/index.js'
import { createMemoryKey, type MemoryKey } from '../support/memoryKeyService.js'
import { soak } from '../support/tools.js'
import { lowerCase, transaction, wide } from './arbitraries.js'

const types = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'] as const

let memory: MemoryKey
let key: SigningKey.SigningKey
beforeAll(async () => {
  memory = createMemoryKey()
  key = await SigningKey.connect({
    service: memory.service,
    keyId: 'alias/differential',
  })
})

const toViem = (tx: Transaction.Unsigned) => {
  const authorizations =
    tx.type === 'eip7702'
      ? {
          authorizationList: tx.authorizationList.map((entry) => ({
            ...entry,
            nonce: Number(entry.nonce),
          })),
        }
      : {}
  return {
    ...tx,
    ...authorizations,
    nonce: Number(tx.nonce),
    ...(tx.type === 'eip4844' ? { sidecars: false } : {}),
  } as never
}

const toEthers = (tx: Transaction.Unsigned) => {
  const { type, gas, nonce, ...rest } = tx
  const authorizations =
    tx.type === 'eip7702'
      ? {
          authorizationList: tx.authorizationList.map(
            ({ address, chainId, nonce, r, s, yParity }) => ({
              address,
              chainId: BigInt(chainId),
              nonce,
              signature: { r, s, yParity: yParity as 0 | 1 },
            }),
          ),
        }
      : {}
  return EthersTransaction.from({
    ...(rest as object),
    ...authorizations,
    type: types.indexOf(type),
    gasLimit: gas,
    nonce: Number(nonce),
    chainId: BigInt(tx.chainId),
  } as never)
}

const timeoutMs = soak ? 1_200_000 : 60_000
const runs = { numRuns: soak ? 5000 : 40 }

test(
  'every type is what viem and ethers make of it, and reads back',
  async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(transaction(wide), async (tx) => {
        seen.add(tx.type)
        const viem = toViem(tx)
        const ethers = toEthers(tx)
        const digest = Transaction.getSignPayload(tx)
        expect(digest).toBe(keccak256(serializeTransaction(viem)))
        expect(digest).toBe(ethers.unsignedHash)

        const signed = await Transaction.sign(key, tx)
        const decoded = await Transaction.decode(signed.raw)
        const rpc = Signature.toRpc(decoded.signature)
        expect(signed.raw).toBe(
          serializeTransaction(viem, {
            ...rpc,
            v: rpc.yParity === 0 ? 27n : 28n,
          }),
        )
        ethers.signature = rpc
        expect(signed).toEqual({
          raw: ethers.serialized,
          hash: ethers.hash,
          from: ethers.from,
          digest,
          transaction: tx,
        })
        expect(decoded).toEqual({
          transaction: lowerCase(tx),
          signature: decoded.signature,
          hash: signed.hash,
          from: key.address,
        })
      }),
      runs,
    )
    expect([...seen].sort()).toEqual([...types].sort())
  },
  timeoutMs,
)
