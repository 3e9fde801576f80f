import {
  JsonRpcProvider,
  Transaction,
  verifyAuthorization,
  verifyMessage,
  verifyTypedData,
} from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KmsSigner } from '../../packages/core/src/ethers/index.js'
import { startHome } from '../support/startHome.js'
import { soak } from '../support/tools.js'
import { zeroBlob } from '../support/zeroBlob.js'

let home: Awaited<ReturnType<typeof startHome>>
let provider: JsonRpcProvider
let signer: KmsSigner
beforeAll(async () => {
  home = await startHome()
  provider = new JsonRpcProvider(home.rpcUrl, undefined, {
    staticNetwork: true,
    cacheTimeout: -1,
  })
  provider.pollingInterval = 20
  signer = new KmsSigner(home.key, provider)
})
afterAll(async () => {
  provider.destroy()
  await home.close()
})

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

test.each([0, 1, 2])('sendTransaction of type %i is mined', async (type) => {
  const before = home.signs()
  const sent = await signer.sendTransaction({ type, to, value: 1n })
  expect(home.signs() - before).toBe(1)
  const receipt = await sent.wait()
  expect({
    type: receipt?.type,
    status: receipt?.status,
    from: receipt?.from,
  }).toEqual({ type, status: 1, from: home.key.address })
})

const { blob: data, commitment, proof } = zeroBlob
const withBlob = {
  ...{ type: 3, to, maxFeePerBlobGas: 10n ** 11n },
  blobs: [{ data, commitment, proof }],
}

test('a transaction of type 3, with a blob, is signed', async () => {
  const filled = await signer.populateTransaction(withBlob)
  const raw = await signer.signTransaction(filled)
  const { from, type, blobs } = Transaction.from(raw)
  expect({ from, type, blobs }).toEqual({
    ...{ from: home.key.address, type: 3 },
    blobs: [{ data, commitment, proof }],
  })
})

// anvil takes seconds for its first blob: npm test has one by viem.
test.runIf(soak)('sendTransaction of type 3, with a blob', async () => {
  const sent = await signer.sendTransaction(withBlob)
  const receipt = await sent.wait()
  expect({ type: receipt?.type, status: receipt?.status }).toEqual({
    type: 3,
    status: 1,
  })
})

test('sendTransaction of type 4, authorised by itself', async () => {
  const nonce = await signer.getNonce()
  const authorization = await signer.authorize({
    address: to,
    nonce: nonce + 1,
  })
  const sent = await signer.sendTransaction({
    type: 4,
    to: home.key.address,
    authorizationList: [authorization],
  })
  const receipt = await sent.wait()
  expect({ type: receipt?.type, status: receipt?.status }).toEqual({
    type: 4,
    status: 1,
  })
  expect(await provider.getCode(home.key.address)).toBe(
    `0xef0100${to.slice(2).toLowerCase()}`,
  )
})

test('messages, typed data and authorisations verify', async () => {
  const { address } = home.key
  expect(await signer.getAddress()).toBe(address)
  expect(verifyMessage('hello', await signer.signMessage('hello'))).toBe(
    address,
  )
  const bytes = new Uint8Array([1, 2, 3])
  expect(verifyMessage(bytes, await signer.signMessage(bytes))).toBe(address)
  const types = { Mail: [{ name: 'to', type: 'address' }] }
  const domain = { name: 'Door', version: '1', chainId: 31337 }
  expect(
    verifyTypedData(
      domain,
      types,
      { to },
      await signer.signTypedData(domain, types, { to }),
    ),
  ).toBe(address)
  const authorization = await signer.authorize({
    address: to,
    chainId: 0n,
    nonce: 0n,
  })
  expect({ ...authorization, signature: undefined }).toEqual({
    address: to,
    chainId: 0n,
    nonce: 0n,
    signature: undefined,
  })
  expect(verifyAuthorization(authorization, authorization.signature)).toBe(
    address,
  )
})

const transaction = {
  type: 0,
  chainId: 1,
  nonce: 0,
  gasLimit: 21000,
  gasPrice: 1,
  to,
}

test('signTransaction without a provider', async () => {
  const offline = signer.connect(null)
  const raw = await offline.signTransaction({
    ...transaction,
    from: home.key.address.toLowerCase(),
  })
  expect(Transaction.from(raw).from).toBe(home.key.address)
})

test.each([
  [
    { from: to },
    /^transaction from address mismatch \(argument="tx.from", value="0x7099/,
  ],
  [
    { chainId: undefined },
    /^Not a valid transaction: without a chain id, its signature would be valid on every chain; set chainId\./,
  ],
  [
    { chainId: 0 },
    /^Not a valid transaction: without a chain id, its signature would be valid on every chain; set chainId\./,
  ],
  [
    { chainId: 4503599627370478n },
    /^Not a valid transaction: its chain id is 4503599627370478, but the largest for a legacy transaction is 4503599627370477;/,
  ],
  [
    { chainId: 2n ** 53n },
    /^Not a valid transaction: its chain id is 9007199254740992; allowed: an integer from 1 to 2\^53-1\./,
  ],
])('%o is refused without asking KMS', async (change, message) => {
  const before = home.signs()
  await expect(
    signer
      .connect(null)
      .signTransaction({ ...transaction, ...change } as never),
  ).rejects.toThrow(message)
  expect(home.signs()).toBe(before)
})
