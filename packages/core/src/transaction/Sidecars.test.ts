import { Transaction as EthersTransaction } from 'ethers'
import { serializeTransaction } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import { zeroBlob } from '../../../../test/support/zeroBlob.js'
import * as SigningKey from '../SigningKey.js'
import * as Transaction from '../Transaction.js'
import { toAccount } from '../viem/index.js'

const { blob, commitment, proof, versionedHash } = zeroBlob
const common = { blobs: [blob], commitments: [commitment] }
const withProofs = { ...common, proofs: [proof] }
const withCells = {
  ...common,
  cellProofs: Array<typeof proof>(128).fill(proof),
}
const fields = {
  ...{ type: 'eip4844', chainId: 31337, nonce: 0n, gas: 21_000n, value: 0n },
  ...{ data: '0x', to: `0x${'77'.repeat(20)}`, accessList: [] },
  ...{ maxFeePerGas: 2n, maxPriorityFeePerGas: 1n, maxFeePerBlobGas: 1n },
  blobVersionedHashes: [versionedHash],
} satisfies Transaction.Unsigned

let key: SigningKey.SigningKey
let signs: () => number
beforeAll(async () => {
  const { service, calls } = createMemoryKey()
  key = await SigningKey.connect({ service, keyId: 'alias/a' })
  signs = () => calls.filter((call) => call === 'signDigest').length
})

describe.each([
  ['eip4844', withProofs],
  ['eip7594', withCells],
] as const)('the form of %s', (sidecar, sidecars) => {
  test('wraps the signed body, and can be read back', async () => {
    const transaction = { ...fields, sidecars }
    const { raw, hash } = await Transaction.sign(key, transaction)
    const decoded = await Transaction.decode(raw)
    expect(decoded).toMatchObject({ transaction, hash, from: key.address })
    // ethers reads the same.
    const theirs = EthersTransaction.from(raw)
    expect([theirs.hash, theirs.from, theirs.serialized]).toEqual([
      ...[hash, key.address, raw],
    ])
    expect(theirs.blobs?.map(({ data }) => data)).toEqual([blob])
    const without = Transaction.serialize(fields, decoded.signature)
    expect((await Transaction.decode(without)).hash).toBe(hash)
  })

  test("accepts what viem's account does, with core's names", async () => {
    const raw = await toAccount(key, { sidecar }).signTransaction({
      ...{ ...fields, nonce: 0, sidecars },
    } as never)
    expect((await Transaction.decode(raw)).transaction).toEqual({
      ...fields,
      sidecars,
    })
  })
})

test("gives viem's bytes for EIP-4844", () => {
  const theirs = serializeTransaction({
    ...{ ...fields, nonce: 0, type: 'eip4844' as const },
    sidecars: [{ blob, commitment, proof }],
  })
  expect(Transaction.serialize({ ...fields, sidecars: withProofs })).toBe(
    theirs,
  )
  expect(Transaction.decodeUnsigned(theirs)).toEqual({
    ...fields,
    sidecars: withProofs,
  })
})

describe("viem's account", () => {
  /** The proofs that travel, or why none do. */
  const proofsOf = (
    chainId: number,
    sidecars: object,
    options: Parameters<typeof toAccount>[1] = {},
  ) =>
    toAccount(key, options)
      .signTransaction({ ...fields, nonce: 0, chainId, sidecars } as never)
      .then(
        async (raw) => {
          const { transaction } = await Transaction.decode(raw)
          const { proofs, cellProofs } = Object(transaction).sidecars
          return { proofs: proofs?.length, cellProofs: cellProofs?.length }
        },
        (error: Error) => error.message.split('\n')[0],
      )
  const both = { ...withProofs, ...withCells }

  test("uses the network's kind of proofs, or the given one", async () => {
    expect(await proofsOf(1, both)).toEqual({ cellProofs: 128 })
    expect(await proofsOf(100, both)).toEqual({ cellProofs: 128 })
    expect(await proofsOf(1, both, { sidecar: 'eip4844' })).toEqual({
      proofs: 1,
    })
  })

  test("refuses the other form, also in viem's list, and unknown ones", async () => {
    const before = signs()
    const lacks =
      'Not a valid transaction: sidecars must include cellProofs; the network requires EIP-7594.'
    expect(await proofsOf(1, withProofs)).toBe(lacks)
    expect(await proofsOf(1, [{ blob, commitment, proof }])).toBe(lacks)
    expect(await proofsOf(424242, both)).toContain('does not know which')
    expect(signs()).toBe(before)
  })
})

const word = `0x${'c0'.padEnd(96, '0')}`
test.each([
  [
    { ...withProofs, ...withCells },
    /must have either proofs|does not know which/,
  ],
  [common, 'proofs (EIP-4844) or cellProofs (EIP-7594)'],
  [{ ...withProofs, blobs: [] }, 'must have 1 item in blobs'],
  [
    { ...withProofs, commitments: [commitment, commitment] },
    'must have 1 item in commitments',
  ],
  [{ ...withCells, cellProofs: [proof] }, 'must have 128 items in cellProofs'],
  [{ ...withProofs, proofs: ['0x'] }, 'an item in proofs that is not 48 bytes'],
  [{ ...withProofs, blobs: [`${blob}00`] }, 'item in blobs that is not 131072'],
  [
    { ...withProofs, commitments: [word.replace('0xc0', '0xa0')] },
    'does not match blobVersionedHashes',
  ],
])('sidecars %# are refused before KMS is asked', async (sidecars, reason) => {
  const before = signs()
  const chainId = 424242
  const transaction = { ...fields, chainId, sidecars } as Transaction.Unsigned
  await expect(Transaction.sign(key, transaction)).rejects.toThrow(reason)
  await expect(
    toAccount(key).signTransaction({ ...transaction, nonce: 0 } as never),
  ).rejects.toThrow(reason)
  expect(signs()).toBe(before)
})
