import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { order, randomScalar } from '../../../test/support/curve.js'
import { toDer } from '../../../test/support/memoryKeyService.js'
import { soak } from '../../../test/support/tools.js'
import wycheproof from '../../../test/vectors/wycheproof.ecdsa_secp256k1_sha256_test.json' with {
  type: 'json',
}
import * as Signature from './Signature.js'

const advice =
  'The response was discarded. Check the key id and the endpoint. If both are correct, the response was corrupted or forged.\nSee docs/errors/invalid-signature.md'

function refusal(der: Uint8Array): string {
  try {
    Signature.fromDer(der)
  } catch (error) {
    expect(error).toBeInstanceOf(Signature.InvalidSignatureError)
    return (error as Error).message
  }
  return 'accepted'
}

const hex = (text: string) => Buffer.from(text, 'hex')
const scalar = fc.bigInt({ min: 1n, max: order - 1n })

describe('fromDer', () => {
  test.each([
    ['', 'it is not a DER SEQUENCE'],
    ['31060201010201 01', 'it is not a DER SEQUENCE'],
    ['3005020101020101', 'its length does not match its content'],
    ['3007020101020101', 'its length does not match its content'],
    ['308106020101020101', 'its length does not match its content'],
    ['3080020101020101 0000', 'its length does not match its content'],
    ['3006030101020101', 'r is not a DER INTEGER'],
    ['30050200020101', 'r is not a DER INTEGER'],
    ['3006020101030101', 's is not a DER INTEGER'],
    ['3003020101', 's is not a DER INTEGER'],
    ['3006020101020201', 's is not a DER INTEGER'],
    ['3006020181020101', 'r is negative'],
    ['3006020101020181', 's is negative'],
    ['3006020180020101', 'r is negative'],
    ['3006020101020180', 's is negative'],
    [
      `3047022201${'00'.repeat(33)}022100${'ff'.repeat(32)}`,
      'its length does not match its content',
    ],
    ['300702020001020101', 'r has unnecessary leading zeros'],
    ['300702010102020001', 's has unnecessary leading zeros'],
    ['3006020100020101', "r is not between 1 and n-1 (n is the curve's order)"],
    ['3006020101020100', "s is not between 1 and n-1 (n is the curve's order)"],
    ['30080201010201010500', 'more bytes follow s'],
  ])('%s: %s', (der, reason) => {
    expect(refusal(hex(der.replaceAll(' ', '')))).toBe(
      `Not a signature by this key: ${reason}.\n${advice}`,
    )
  })

  test('n and above are refused, n-1 is not', () => {
    expect(Signature.fromDer(toDer({ r: order - 1n, s: order - 1n }))).toEqual({
      r: order - 1n,
      s: order - 1n,
    })
    for (const s of [order, order + 1n, 2n ** 256n - 1n])
      expect(refusal(toDer({ r: 1n, s }))).toContain(
        "s is not between 1 and n-1 (n is the curve's order)",
      )
    for (const r of [order, order + 1n, 2n ** 256n - 1n])
      expect(refusal(toDer({ r, s: 1n }))).toContain(
        "r is not between 1 and n-1 (n is the curve's order)",
      )
  })

  // Wycheproof judges verification as well; what it calls invalid for another
  // reason than its encoding or range may still be well-formed here.
  test("Wycheproof's 476 signatures: the encodings, strictly", () => {
    const seen = { accepted: 0, refused: 0 }
    for (const group of wycheproof.testGroups)
      for (const { sig, result, tcId, flags } of group.tests) {
        const outcome = refusal(hex(sig))
        if (result === 'valid')
          expect([tcId, outcome]).toEqual([tcId, 'accepted'])
        if (outcome !== 'accepted') {
          seen.refused++
          continue
        }
        seen.accepted++
        // Accepted means that the one DER encoding of two numbers came.
        const { r, s } = Signature.fromDer(hex(sig))
        expect([tcId, toDer({ r, s }).toString('hex')]).toEqual([tcId, sig])
        for (const flag of [
          'BerEncodedSignature',
          'InvalidEncoding',
          'MissingZero',
          'RangeCheck',
          'InvalidTypesInSignature',
        ])
          expect([
            tcId,
            flags.includes(flag) && result !== 'valid' && [r, s],
          ]).toEqual([tcId, false])
      }
    expect(seen.accepted + seen.refused).toBe(wycheproof.numberOfTests)
    expect(seen).toMatchInlineSnapshot(`
      {
        "accepted": 190,
        "refused": 286,
      }
    `)
  })

  test('reads the output of our own encoder', () => {
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        expect(Signature.fromDer(toDer({ r, s }))).toEqual({ r, s })
      }),
    )
  })

  test('short numbers', () => {
    for (let bytes = 1n; bytes < 32n; bytes++)
      for (const top of [0x7fn, 0x80n, 0xffn]) {
        const value = top << ((bytes - 1n) * 8n)
        const signature = { r: value, s: value }
        expect(Signature.fromDer(toDer(signature))).toEqual(signature)
      }
  })

  test('accepts only its own encoding, whatever changes', () => {
    fc.assert(
      fc.property(
        scalar,
        scalar,
        fc.nat(80),
        fc.nat(255),
        fc.constantFrom('replace', 'insert', 'remove', 'cut'),
        (r, s, index, byte, how) => {
          const der = toDer({ r, s })
          const at = index % der.length
          const changed = Buffer.concat([
            der.subarray(0, at),
            how === 'replace' || how === 'insert'
              ? Buffer.of(byte)
              : Buffer.of(),
            how === 'cut'
              ? Buffer.of()
              : der.subarray(how === 'insert' ? at : at + 1),
          ])
          if (refusal(changed) === 'accepted')
            expect(toDer(Signature.fromDer(changed))).toEqual(changed)
        },
      ),
      { numRuns: soak ? 2000 : 200 },
    )
  })
})

test('toLowS keeps the lower half and mirrors the upper', () => {
  const half = order >> 1n
  expect(Signature.toLowS({ r: 1n, s: half })).toEqual({ r: 1n, s: half })
  expect(Signature.toLowS({ r: 1n, s: half + 1n })).toEqual({ r: 1n, s: half })
  expect(Signature.toLowS({ r: 1n, s: order - 1n })).toEqual({ r: 1n, s: 1n })
  const s = randomScalar()
  expect(Signature.toLowS({ r: 1n, s })).toEqual(
    Signature.toLowS({ r: 1n, s: order - s }),
  )
})

test('toRpc and toHex pad to 32 bytes', () => {
  const signature = { r: 1n, s: 0x80n, yParity: 1 } as const
  const one = `${'0'.repeat(63)}1`
  const eighty = `${'0'.repeat(62)}80`
  expect(Signature.toRpc(signature)).toEqual({
    r: `0x${one}`,
    s: `0x${eighty}`,
    yParity: 1,
  })
  expect(Signature.toHex(signature)).toBe(`0x${one}${eighty}1c`)
  expect(Signature.toHex({ ...signature, yParity: 0 })).toBe(
    `0x${one}${eighty}1b`,
  )
})
