import { createECDH } from 'node:crypto'
import { findDuplicate } from '@keyward/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mod, toBigInt, toBytes } from '../../../test/support/curve.js'
import { soak } from '../../../test/support/tools.js'
import {
  encodeElement,
  encodeInteger,
  readElements,
  readInteger,
  tag,
} from './der/Der.js'
import { decodeBase64, encodeBase64 } from './encoding/base64.js'
import { decodeHex } from './encoding/decodeHex.js'
import { encodePem } from './encoding/encodePem.js'
import { readPem } from './encoding/Pem.js'
import { addModOrder, isScalar } from './mnemonic/scalar.js'

const bytes = fc.uint8Array({ maxLength: 300 })
const check = <value>(
  arbitrary: fc.Arbitrary<value>,
  property: (value: value) => void,
) => fc.assert(fc.property(arbitrary, property), { numRuns: soak ? 500 : 50 })

describe("encodings, compared with Node's", () => {
  test('base64 round trip', () => {
    check(bytes, (value) => {
      const text = encodeBase64(value)
      expect(text.toString()).toBe(Buffer.from(value).toString('base64'))
      expect(decodeBase64(text)).toEqual(Buffer.from(value))
    })
  })

  test('base64 is accepted only in its canonical form', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'AZaz09+/=-_ \n\u0000é'),
      maxLength: 12,
    })
    check(text, (value) => {
      const decoded = decodeBase64(Buffer.from(value))
      if (decoded !== undefined) expect(decoded.toString('base64')).toBe(value)
      else
        expect(Buffer.from(value, 'base64').toString('base64')).not.toBe(value)
    })
  })

  test('hex round trip, in any case', () => {
    check(
      fc.tuple(bytes, fc.constantFrom('', '0x', '0X')),
      ([value, start]) => {
        const text = Buffer.from(value).toString('hex')
        for (const digits of [text, text.toUpperCase()])
          expect(decodeHex(Buffer.from(start + digits))).toEqual(
            Buffer.from(value),
          )
        expect(decodeHex(Buffer.from(`${start}${text}0`))).toBeUndefined()
        expect(decodeHex(Buffer.from(`${start}${text}0g`))).toBeUndefined()
      },
    )
  })

  test('PEM round trip', () => {
    check(bytes, (value) => {
      const pem = encodePem('PRIVATE KEY', value)
      expect(readPem(pem)).toEqual([
        { label: 'PRIVATE KEY', headers: [], der: Buffer.from(value) },
      ])
      for (const line of pem.toString().split('\n'))
        expect(line.length).toBeLessThanOrEqual(64)
    })
  })
})

describe('DER', () => {
  test('elements round trip, and are refused if cut off anywhere', () => {
    const element = fc.record({
      tag: fc.constantFrom(...Object.values(tag)),
      content: fc.uint8Array({ maxLength: 70_000, size: 'large' }),
    })
    check(element, ({ tag, content }) => {
      if (content.length > 0xffff) return
      const der = encodeElement(tag, content)
      expect(readElements(der, 'It')).toEqual([
        { tag, content: Buffer.from(content) },
      ])
      for (const length of [1, 2, 3, der.length - 1])
        if (length < der.length)
          expect(() => readElements(der.subarray(0, length), 'It')).toThrow(
            'It is cut off',
          )
    })
  })

  test('numbers round trip, in their shortest form', () => {
    const edges = [0, 1, 127, 128, 255, 256, 32767, 32768, 2 ** 31, 2 ** 46]
    for (const value of edges) {
      const der = encodeInteger(value)
      const [element] = readElements(der, 'It')
      expect(readInteger(element, 'It')).toBe(value)
    }
    check(fc.integer({ min: 0, max: 2 ** 47 - 1 }), (value) => {
      const [element] = readElements(encodeInteger(value), 'It')
      expect(readInteger(element, 'It')).toBe(value)
    })
  })
})

describe('scalars', () => {
  const order =
    0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const scalar = fc.oneof(
    fc.bigInt({ min: 0n, max: order - 1n }),
    fc.constantFrom(0n, 1n, order - 1n, order - 2n, order / 2n, 2n ** 128n),
  )

  test('a sum equals that of big integers', () => {
    check(fc.tuple(scalar, scalar), ([a, b]) => {
      const sum = addModOrder(toBytes(a), toBytes(b))
      expect(toBigInt(sum)).toBe(mod(a + b))
    })
  })

  test('a scalar is valid exactly if OpenSSL accepts it', () => {
    const any = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      fc.constantFrom(0n, 1n, order - 1n, order, order + 1n, 2n ** 256n - 1n),
    )
    check(any, (value) => {
      const take = () => createECDH('secp256k1').setPrivateKey(toBytes(value))
      if (isScalar(toBytes(value))) take()
      else expect(take).toThrow()
    })
  })
})

test('only duplicate members are found', () => {
  check(fc.jsonValue(), (value) => {
    expect(findDuplicate(JSON.stringify(value))).toBe(false)
    expect(findDuplicate(JSON.stringify(value, null, 2))).toBe(false)
    const twice = `{"a":[${JSON.stringify(value)},{"b{":1,"\\u0062{":2}]}`
    expect(findDuplicate(twice)).toBe(true)
  })
})
