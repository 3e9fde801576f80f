import {
  createWalletClient,
  http,
  keccak256,
  parseTransaction,
  recoverAddress,
  recoverTransactionAddress,
  serializeTransaction,
  toHex,
  verifyMessage,
  verifyTypedData,
} from 'viem'

import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { verifyAuthorization } from 'viem/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Digest from '../../packages/core/src/digest/index.js'
import { SigningKey } from '../../packages/core/src/index.js'
import { toAccount } from '../../packages/core/src/viem/index.js'
import { startHome } from '../support/startHome.js'
import { zeroBlob } from '../support/zeroBlob.js'

let home: Awaited<ReturnType<typeof startHome>>
beforeAll(async () => {
  home = await startHome()
})
afterAll(() => home.close())

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

const bothForms = {
  blobs: [zeroBlob.blob],
  commitments: [zeroBlob.commitment],
  proofs: [zeroBlob.proof],
  cellProofs: Array(128).fill(zeroBlob.proof),
}

function open(options: Parameters<typeof toAccount>[1] = {}) {
  const account = toAccount(home.key, options)
  const wallet = createWalletClient({
    account,
    chain: foundry,
    // A chain loads the set-up of KZG at the first blob, which takes a while.
    transport: http(home.rpcUrl, { timeout: 60_000 }),
    pollingInterval: 20,
  })
  return { account, wallet }
}

describe('sent by a wallet client and mined from the account', () => {
  const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n }
  const accessList = [{ address: to, storageKeys: [toHex(1, { size: 32 })] }]
  test.each([
    ['legacy', { type: 'legacy', gasPrice: 10n ** 11n }],
    ['eip2930', { type: 'eip2930', gasPrice: 10n ** 11n, accessList }],
    ['eip1559', { type: 'eip1559', ...fees }],
    ['eip1559', { type: 'eip1559', ...fees, accessList, data: '0x1234' }],
    [
      'eip4844',
      {
        type: 'eip4844',
        ...fees,
        maxFeePerBlobGas: 10n ** 11n,
        blobVersionedHashes: [zeroBlob.versionedHash],
        // Those of the form that the network takes are chosen.
        sidecars: bothForms,
      },
    ],
  ] as const)('%s %#', async (type, fields) => {
    const { account, wallet } = open()
    const before = home.signs()
    const hash = await wallet.sendTransaction({
      to,
      value: 1n,
      ...fields,
    } as never)
    expect(home.signs() - before).toBe(1)
    const receipt = await home.chain.waitForTransactionReceipt({ hash })
    expect({
      type: receipt.type,
      status: receipt.status,
      from: receipt.from,
    }).toEqual({ type, status: 'success', from: account.address.toLowerCase() })
  })

  test('eip7702, by the account for itself', async () => {
    const { account, wallet } = open()
    const authorization = await wallet.signAuthorization({
      contractAddress: to,
      executor: 'self',
    })
    const hash = await wallet.sendTransaction({
      to: account.address,
      authorizationList: [authorization],
    })
    const { status, type } = await home.chain.waitForTransactionReceipt({
      hash,
    })
    expect({ status, type }).toEqual({ status: 'success', type: 'eip7702' })
    expect(await home.chain.getCode({ address: account.address })).toBe(
      `0xef0100${to.slice(2).toLowerCase()}`,
    )
  })

  test('a contract', async () => {
    const { wallet } = open()
    const hash = await wallet.deployContract({ abi: [], bytecode: '0x00' })
    const receipt = await home.chain.waitForTransactionReceipt({ hash })
    expect(receipt.contractAddress).toMatch(/^0x[0-9a-f]{40}$/)
  })
})

test('messages and typed data, through the wallet client', async () => {
  const { account, wallet } = open()
  const { address } = account
  for (const message of ['hello', { raw: '0x1234' }] as const)
    expect(
      await verifyMessage({
        address,
        message,
        signature: await wallet.signMessage({ message }),
      }),
    ).toBe(true)
  const typedData = {
    domain: { name: 'Door', version: '1', chainId: 31337 },
    types: { Mail: [{ name: 'to', type: 'address' }] },
    primaryType: 'Mail',
    message: { to },
  } as const
  const signature = await wallet.signTypedData(typedData)
  expect(await verifyTypedData({ address, signature, ...typedData })).toBe(true)
})

test('signs what a local account of viem signs', async () => {
  const { account } = open()
  const theirs = privateKeyToAccount(`0x${'11'.repeat(32)}`)
  expect(Object.keys(account).sort()).toEqual(Object.keys(theirs).sort())
  expect({ type: account.type, source: account.source }).toEqual({
    type: 'local',
    source: 'keyward',
  })
  const authorization = { chainId: 0, nonce: 0, address: to } as const
  const ours = await account.signAuthorization(authorization)
  const { r, s, yParity, v, ...rest } = ours
  expect(Object.keys(ours).sort()).toEqual(
    Object.keys(await theirs.signAuthorization(authorization)).sort(),
  )
  expect(rest).toEqual(authorization)
  expect(v).toBe(BigInt(27 + (yParity ?? 0)))
  expect(
    await verifyAuthorization({
      address: account.address,
      authorization: ours,
    }),
  ).toBe(true)
  expect(account.publicKey).toMatch(/^0x04[0-9a-f]{128}$/)
})

test('a bare hash is signed where the program brings what makes the request', async () => {
  const hash = keccak256('0x1234')
  const before = home.signs()
  await expect(open().account.sign({ hash })).rejects.toThrow(
    'This account does not sign bare hashes.',
  )
  expect(home.signs()).toBe(before)
  const account = toAccount(home.key, { toDigest: Digest.from })
  const signature = await account.sign({ hash })
  expect(await recoverAddress({ hash, signature })).toBe(account.address)
})

describe('signTransaction', () => {
  const transaction = {
    chainId: 1,
    nonce: 0,
    gas: 21000n,
    gasPrice: 1n,
    to,
  } as const

  test("a caller's own serializer makes both the digest and the bytes", async () => {
    const { account } = open()
    const calls: boolean[] = []
    const serialized = await account.signTransaction(transaction, {
      serializer: (tx, signature) => {
        calls.push(signature !== undefined)
        return serializeTransaction({ ...tx, nonce: 7 } as never, signature)
      },
    })
    expect(calls).toEqual([false, true])
    expect(parseTransaction(serialized).nonce).toBe(7)
    expect(
      await recoverTransactionAddress({
        serializedTransaction: serialized as never,
      }),
    ).toBe(account.address)
  })

  test('a serializer that makes other bytes after the signature is refused', async () => {
    const { account } = open()
    await expect(
      account.signTransaction(transaction, {
        serializer: (tx, signature) =>
          serializeTransaction(
            { ...tx, value: signature === undefined ? 1n : 2n } as never,
            signature,
          ),
      }),
    ).rejects.toThrow(
      'its serializer encodes a different transaction with the signature',
    )
  })

  test("a chain's own kind of transaction is a digest, with its bytes", async () => {
    const seen: unknown[] = []
    const key = await SigningKey.connect({
      service: home.service,
      keyId: home.keyId,
      authorize: (request) => {
        seen.push(request)
      },
    })
    const serialized = await toAccount(key).signTransaction(
      transaction as never,
      {
        serializer: ((_: object, signature?: { r: string }) =>
          signature?.r ?? '0x7b01') as never,
      } as never,
    )
    expect(serialized).toMatch(/^0x[0-9a-f]{64}$/)
    const digest = keccak256('0x7b01')
    expect(seen).toEqual([{ kind: 'digest', digest, bytes: '0x7b01' }])
  })

  // A type that is known, a message, typed data, an authorisation, no bytes.
  test.each(['0x02c0', '0xc0', '0x1901', '0x05c0', '0x'])(
    'a serializer cannot have %s signed as a digest',
    async (bytes) => {
      const { account } = open()
      const before = home.signs()
      await expect(
        account.signTransaction(transaction as never, {
          serializer: () => bytes as never,
        }),
      ).rejects.toThrow(/^Not a valid (chain-specific )?transaction: /)
      expect(home.signs()).toBe(before)
    },
  )

  test('the blobs are around the signed body, not in it', async () => {
    const { account } = open({ sidecar: 'eip4844' })
    const serialized = await account.signTransaction({
      ...transaction,
      gasPrice: undefined,
      type: 'eip4844',
      maxFeePerGas: 1n,
      maxFeePerBlobGas: 1n,
      blobVersionedHashes: [zeroBlob.versionedHash],
      sidecars: [zeroBlob],
    } as never)
    expect(serialized.length).toBeGreaterThan(262_144)
    expect(parseTransaction(serialized as never)).toMatchObject({
      blobVersionedHashes: [zeroBlob.versionedHash],
      sidecars: [{ commitment: zeroBlob.commitment, proof: zeroBlob.proof }],
    })
  })

  test.each([
    [
      { chainId: undefined },
      'without a chain id, its signature would be valid on every chain; set chainId',
    ],
    [
      { chainId: 0 },
      'without a chain id, its signature would be valid on every chain; set chainId',
    ],
    [
      { chainId: -1 },
      'its chain id is -1; allowed: an integer from 1 to 2^53-1',
    ],
    [
      { chainId: 4503599627370478 },
      'its chain id is 4503599627370478, but the largest for a legacy transaction is 4503599627370477; use type eip1559',
    ],
  ])('%o is refused without asking KMS', async (change, reason) => {
    const { account } = open()
    const before = home.signs()
    await expect(
      account.signTransaction({ ...transaction, ...change } as never),
    ).rejects.toThrow(
      `Not a valid transaction: ${reason}.\nSee docs/errors/invalid-transaction.md`,
    )
    expect(home.signs()).toBe(before)
  })
})
