import { describe, expect, test } from 'vitest'
import type { Form } from './BlobField.js'
import { InvalidRequestError } from './Problems.js'
import * as TransactionRequest from './TransactionRequest.js'

const to = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const word = `0x${'ab'.repeat(32)}`
const base = { chainId: 1, nonce: 0, to, value: '1', gas: 21000 }
const fees = { maxFeePerGas: '30000000000', maxPriorityFeePerGas: '0x1' }
const accessList = [{ address: to, storageKeys: [word] }]
const authorization = {
  address: to,
  chainId: 0,
  nonce: 1,
  r: 1,
  s: 2,
  yParity: 0,
}
const blobVersionedHashes = [`0x01${'ab'.repeat(31)}`]

const read = {
  chainId: 1,
  nonce: 0n,
  to,
  value: 1n,
  gas: 21000n,
  data: '0x',
}
const readFees = { maxFeePerGas: 30_000_000_000n, maxPriorityFeePerGas: 1n }

function refusal(value: unknown): readonly string[] {
  try {
    TransactionRequest.fromJson(value)
  } catch (error) {
    if (error instanceof InvalidRequestError)
      return error.problems.map(({ path, problem }) => `${path}: ${problem}`)
    throw error
  }
  return []
}

describe('fromJson', () => {
  test('reads every type, named, numbered or inferred', () => {
    const cases: [string, object, object][] = [
      ['legacy', { gasPrice: 5 }, { gasPrice: 5n }],
      ['eip2930', { gasPrice: 5, accessList }, { gasPrice: 5n, accessList }],
      ['eip1559', fees, { ...readFees, accessList: [] }],
      [
        'eip4844',
        { ...fees, maxFeePerBlobGas: 7, blobVersionedHashes },
        {
          ...readFees,
          accessList: [],
          maxFeePerBlobGas: 7n,
          blobVersionedHashes,
        },
      ],
      [
        'eip7702',
        { ...fees, authorizationList: [authorization] },
        {
          ...readFees,
          accessList: [],
          authorizationList: [
            {
              address: to,
              chainId: 0,
              nonce: 1n,
              r: `0x${'1'.padStart(64, '0')}`,
              s: `0x${'2'.padStart(64, '0')}`,
              yParity: 0,
            },
          ],
        },
      ],
    ]
    for (const [number, [type, fields, own]] of cases.entries()) {
      const expected = { type, ...read, ...own }
      const value = { ...base, ...fields }
      expect(TransactionRequest.fromJson(value)).toEqual(expected)
      for (const named of [type, number, `0x${number}`])
        expect(TransactionRequest.fromJson({ ...value, type: named })).toEqual(
          expected,
        )
    }
  })

  test('creates a contract only with data', () => {
    const { to: _, ...creation } = { ...base, ...fees, data: '0x60fe' }
    const { to: __, ...rest } = read
    const expected = {
      type: 'eip1559',
      ...rest,
      data: '0x60fe',
      ...readFees,
      accessList: [],
    }
    expect(TransactionRequest.fromJson(creation)).toEqual(expected)
    expect(TransactionRequest.fromJson({ ...creation, to: null })).toEqual(
      expected,
    )
    expect(refusal({ ...creation, data: '0x' })).toEqual([
      'to: is missing; allowed: an address (leave it out only to create a contract with data)',
    ])
    const authorizationList = [authorization]
    expect(refusal({ ...creation, authorizationList })).toEqual([
      "to: is missing; allowed: an address (type eip7702 can't create a contract)",
    ])
  })

  test('accepts input for data, and both only if they agree', () => {
    const tx = { ...base, ...fees }
    expect(TransactionRequest.fromJson({ ...tx, input: '0xAB' }).data).toBe(
      '0xab',
    )
    expect(
      TransactionRequest.fromJson({ ...tx, input: '0xAB', data: '0xab' }).data,
    ).toBe('0xab')
    expect(refusal({ ...tx, input: '0xab', data: '0x' })).toEqual([
      'input: differs from data; allowed: only one of the two, or the same value in both',
    ])
  })

  test('reports everything at once', () => {
    expect(
      refusal({
        type: 'eip1559',
        chainId: '1.5',
        nonce: -1,
        to: 'vitalik.eth',
        value: null,
        gasLimit: 21000,
        gasPrice: 1,
        maxFeePerGas: 1,
        maxPriorityFeePerGas: 2,
        data: '0x0',
      }),
    ).toMatchInlineSnapshot(`
      [
        "gasLimit: is not a known field; known fields: type, chainId, nonce, to, value, data, input, gas, gasPrice, accessList, maxFeePerGas, maxPriorityFeePerGas, maxFeePerBlobGas, blobVersionedHashes, sidecars, authorizationList",
        "chainId: got "1.5"; allowed: an integer from 1 to 2^53-1, as a number, or as a decimal or 0x string",
        "nonce: got -1; allowed: an integer from 0 to 2^64-2, as a decimal or 0x string, or a number up to 2^53-1",
        "gas: is missing; allowed: an integer from 0 to 2^64-1, as a decimal or 0x string, or a number up to 2^53-1",
        "value: got null; allowed: an integer from 0 to 2^256-1, as a decimal or 0x string, or a number up to 2^53-1",
        "data: got "0x0"; allowed: 0x and an even number of hex digits, at most 131072 bytes",
        "to: got "vitalik.eth"; allowed: an address (0x followed by 40 hex digits, all lowercase or with its EIP-55 checksum)",
        "gasPrice: is not a field of type eip1559",
        "maxPriorityFeePerGas: got 2; allowed: at most maxFeePerGas (1)",
      ]
    `)
    expect(refusal({})).toMatchInlineSnapshot(`
      [
        "type: is missing; allowed: legacy, eip2930, eip1559, eip4844, eip7702, or the fee fields of one of them",
        "chainId: is missing; allowed: an integer from 1 to 2^53-1, as a number, or as a decimal or 0x string",
        "nonce: is missing; allowed: an integer from 0 to 2^64-2, as a decimal or 0x string, or a number up to 2^53-1",
        "gas: is missing; allowed: an integer from 0 to 2^64-1, as a decimal or 0x string, or a number up to 2^53-1",
        "to: is missing; allowed: an address (leave it out only to create a contract with data)",
      ]
    `)
    for (const value of [null, [], 'x', 5, undefined])
      expect(refusal(value)).toHaveLength(1)
  })

  test('refuses a type and a chain that do not exist', () => {
    const tx = { ...base, gasPrice: 1 }
    for (const type of ['eip8141', 5, -1, '', null, '0x05', 1.5])
      expect(refusal({ ...tx, type })[0]).toMatch(/^type: got /)
    expect(refusal({ ...tx, chainId: 4_503_599_627_370_478 })).toEqual([
      'chainId: got 4503599627370478; allowed: at most 4503599627370477 for type legacy (EIP-155)',
    ])
    expect(refusal({ ...tx, type: 'legacy', accessList })).toEqual([
      'accessList: is not a field of type legacy',
    ])
  })

  test('checks sidecars against the hashes they belong to', () => {
    // SHA-256 of 48 zero bytes, with the version in place of its first byte.
    const hash =
      '0x01b0761f87b081d5cf10757ccc89f12be355c70e2e29df288b65b30710dcbcd1'
    const zeros = `0x${'00'.repeat(48)}`
    const sidecars = {
      blobs: [`0x${'00'.repeat(131_072)}`],
      commitments: [zeros],
      cellProofs: Array(128).fill(zeros),
    }
    const tx = { ...base, ...fees, maxFeePerBlobGas: 1, sidecars }
    expect(
      TransactionRequest.fromJson({ ...tx, blobVersionedHashes: [hash] }),
    ).toEqual({
      type: 'eip4844',
      ...read,
      ...readFees,
      accessList: [],
      maxFeePerBlobGas: 1n,
      blobVersionedHashes: [hash],
      sidecars,
    })
    expect(refusal({ ...tx, blobVersionedHashes })).toEqual([
      'sidecars: does not match blobVersionedHashes',
    ])
    expect(
      refusal({
        ...tx,
        blobVersionedHashes: [hash],
        sidecars: { ...sidecars, cellProofs: [] },
      }),
    ).toEqual([
      'sidecars: has 1 blobs, 1 commitments and 0 cellProofs; allowed: for each blob, 1 item in commitments and 128 in cellProofs',
    ])
    expect(
      refusal({ ...tx, blobVersionedHashes: [hash], sidecars: [] }),
    ).toEqual(['sidecars: got an array of 0 items; allowed: a JSON object'])

    // Both forms: of those that came, the one that the network takes.
    const { cellProofs, ...common } = sidecars
    const proofs = [zeros]
    const readSidecars = (sidecars: object, chainId: number, form?: Form) => {
      const json = { ...tx, chainId, blobVersionedHashes: [hash], sidecars }
      const options = form === undefined ? {} : { sidecar: form }
      try {
        const read = TransactionRequest.fromJson(json, options)
        return Object.keys((read as { sidecars: object }).sidecars)[2]
      } catch (error) {
        return (error as InvalidRequestError).problems[0]?.problem
      }
    }
    const both = { ...common, proofs, cellProofs }
    const unknown = 424_242
    expect(readSidecars(both, 1)).toBe('cellProofs')
    expect(readSidecars(both, 56)).toBe('proofs')
    expect(readSidecars(both, 1, 'eip4844')).toBe('proofs')
    expect(readSidecars(both, unknown, 'eip7594')).toBe('cellProofs')
    expect(readSidecars({ ...common, proofs }, unknown)).toBe('proofs')
    expect(readSidecars({ ...common, cellProofs }, unknown)).toBe('cellProofs')
    expect(readSidecars(both, unknown)).toMatch(/^has both proofs/)
    expect(readSidecars(common, unknown)).toMatch(
      /^must include proofs \(EIP-4844\)/,
    )
    expect(readSidecars({ ...common, proofs }, 1)).toMatch(
      /^must include cellProofs/,
    )
    expect(readSidecars({ ...common, cellProofs }, 56)).toMatch(
      /^must include proofs/,
    )
  })

  test('never repeats a key, whatever field it was pasted into', () => {
    const key =
      'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
    const decimal = BigInt(`0x${key}`).toString()
    const fields = [
      'type',
      'chainId',
      'nonce',
      'to',
      'value',
      'data',
      'input',
      'gas',
      'gasPrice',
      ...Object.keys(fees),
      'accessList',
      'maxFeePerBlobGas',
      'blobVersionedHashes',
      'sidecars',
      'authorizationList',
      'privateKey',
      key,
    ]
    for (const field of fields)
      for (const secret of [key, `0x${key}`, decimal, { key }, [key]]) {
        // A wrong nonce makes sure that there is a message to look at.
        const text = refusal({
          ...base,
          ...fees,
          nonce: 'x',
          [field]: secret,
        }).join()
        expect(text).not.toContain(key.slice(0, 16))
        expect(text).not.toContain(decimal.slice(0, 16))
        expect(text).not.toBe('')
      }
  })
})
