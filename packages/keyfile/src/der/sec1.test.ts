import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { multiply } from '../../../../test/support/curve.js'
import {
  der,
  embedded,
  integer,
  namedCurve,
  octets,
  oid,
  pkcs8,
  sec1,
  sequence,
} from '../../../../test/support/der.js'
import {
  createKeyFiles,
  type Reading,
} from '../../../../test/support/keyFiles.js'
import { openssl } from '../../../../test/support/openssl.js'
import { d, point, readRefusal } from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)
const otherPoint = multiply(7n)

describe('inconsistent SEC1 and PKCS#8', () => {
  const curve = sequence(oid('idEcPublicKey'), oid('secp256k1'))
  const good = sec1(d, embedded(point))
  const short = Buffer.alloc(31, 0x5a)
  const shortPoint = multiply(BigInt(`0x${short.toString('hex')}`))
  const compressed = Buffer.concat([
    Buffer.from([2 + ((point[64] ?? 0) & 1)]),
    point.subarray(1, 33),
  ])
  const negated = Buffer.from(compressed)
  negated[0] = (negated[0] ?? 0) ^ 1

  test.each([
    ['all there is', pkcs8(sec1(d, namedCurve, embedded(point)))],
    ['no public key', pkcs8(sec1(d))],
    ['a compressed one', pkcs8(sec1(d, embedded(compressed)))],
    ['attributes', pkcs8(good, curve, der(0xa0))],
    [
      'version 2 with its public key',
      sequence(
        integer(1),
        curve,
        octets(good),
        der(0x81, Buffer.from([0]), point),
      ),
    ],
    [
      '31 bytes of key, shown by the public key',
      pkcs8(sec1(short, embedded(shortPoint))),
    ],
    [
      '33 bytes of key, shown by the public key',
      pkcs8(sec1(Buffer.concat([Buffer.alloc(1), d]), embedded(point))),
    ],
  ])('%s is accepted', async (_name, content) => {
    const key = await files.read({ content })
    expect(new Wallet(`0x${key.d.toString('hex')}`).address).toBe(key.address)
  })

  test.each([
    [
      'public key of another',
      pkcs8(sec1(d, embedded(otherPoint))),
      "The PKCS#8 key contains a public key that doesn't match its private " +
        'key.',
    ],
    [
      'public key mirrored',
      pkcs8(sec1(d, embedded(negated))),
      "The PKCS#8 key contains a public key that doesn't match its private " +
        'key.',
    ],
    [
      'public key with unused bits',
      pkcs8(sec1(d, der(0xa1, der(0x03, Buffer.from([1]), point)))),
      "The PKCS#8 key contains a public key that doesn't match its private " +
        'key.',
    ],
    [
      'public key empty',
      pkcs8(sec1(d, embedded(Buffer.alloc(0)))),
      "The PKCS#8 key contains a public key that doesn't match its private " +
        'key.',
    ],
    [
      'outer public key of another',
      sequence(
        integer(1),
        curve,
        octets(good),
        der(0x81, Buffer.from([0]), otherPoint),
      ),
      "The PKCS#8 key contains a public key that doesn't match its private " +
        'key.',
    ],
    [
      'outer public key in version 1',
      pkcs8(good, curve, der(0x81, Buffer.from([0]), point)),
      'The PKCS#8 key contains unexpected fields.',
    ],
    [
      'public key before the curve',
      pkcs8(sec1(d, embedded(point), namedCurve)),
      'The PKCS#8 key contains unexpected fields.',
    ],
    [
      'public key twice',
      pkcs8(sec1(d, embedded(point), embedded(point))),
      'The PKCS#8 key contains unexpected fields.',
    ],
    [
      '31 bytes of key, not shown',
      pkcs8(sec1(short)),
      'The PKCS#8 key has a private key of 31 bytes. secp256k1 needs 32 ' +
        'bytes, including leading zeros.',
    ],
    [
      '33 bytes of key, not shown',
      pkcs8(sec1(Buffer.concat([Buffer.alloc(1), d]))),
      'The PKCS#8 key has a private key of 33 bytes. secp256k1 needs 32 ' +
        'bytes, including leading zeros.',
    ],
    [
      '33 bytes of key, the first not 0',
      pkcs8(sec1(Buffer.concat([Buffer.from([1]), d]), embedded(point))),
      'The PKCS#8 key has a private key of 33 bytes. secp256k1 needs 32 ' +
        'bytes, including leading zeros.',
    ],
    [
      'no bytes of key',
      pkcs8(sec1(Buffer.alloc(0), embedded(point))),
      'The private key is 0.',
    ],
    [
      'version 2 of SEC1',
      pkcs8(sequence(integer(2), octets(d))),
      'The PKCS#8 key has an unknown version.',
    ],
    [
      'version 3 of PKCS#8',
      sequence(integer(2), curve, octets(good)),
      'The PKCS#8 key has an unknown version.',
    ],
    [
      'a negative version',
      sequence(integer(0x80), curve, octets(good)),
      'The key lacks a number where one is expected.',
    ],
    [
      'another curve inside',
      pkcs8(sec1(d, der(0xa0, oid('p256')))),
      'The PKCS#8 key is on the curve P-256 (prime256v1), but Ethereum uses secp256k1.',
    ],
    [
      'two curves inside',
      pkcs8(sec1(d, der(0xa0, oid('secp256k1'), oid('secp256k1')))),
      "The PKCS#8 key doesn't name its curve.",
    ],
    [
      'no curve',
      sequence(integer(0), sequence(oid('idEcPublicKey')), octets(good)),
      "The PKCS#8 key doesn't name its curve.",
    ],
    [
      'an implicit curve',
      pkcs8(good, sequence(oid('idEcPublicKey'), der(0x05))),
      "The PKCS#8 key doesn't name its curve.",
    ],
    ['SEC1 without a curve', good, "The SEC1 key doesn't name its curve."],
    [
      'bytes after it',
      Buffer.concat([pkcs8(good), Buffer.from([0])]),
      'The key is followed by 1 more byte.',
    ],
    [
      'two keys',
      Buffer.concat([pkcs8(good), pkcs8(good)]),
      `The key is followed by ${pkcs8(good).length} more bytes.`,
    ],
    [
      'bytes after the inner key',
      pkcs8(Buffer.concat([good, Buffer.from([5, 0])])),
      'The PKCS#8 key is followed by 2 more bytes.',
    ],
    [
      'an indefinite length',
      Buffer.concat([
        Buffer.from([0x30, 0x80]),
        pkcs8(good).subarray(3),
        Buffer.alloc(2),
      ]),
      'The key is encoded in BER instead of DER: it has an indefinite length.',
    ],
    [
      'a length longer than needed',
      Buffer.concat([Buffer.from([0x30, 0x82, 0]), pkcs8(good).subarray(2)]),
      'The key is encoded in BER instead of DER: it has a length field that ' +
        'is longer than needed.',
    ],
    [
      'a length of 4 GiB',
      Buffer.concat([
        Buffer.from([0x30, 0x84, 255, 255, 255, 255]),
        pkcs8(good).subarray(3),
      ]),
      'The key is cut off or damaged: an element is longer than the ' +
        'remaining data.',
    ],
    [
      'a length of 127 bytes',
      Buffer.concat([Buffer.from([0x30, 0xff]), Buffer.alloc(130, 1)]),
      'The key is cut off or damaged: an element is longer than the ' +
        'remaining data.',
    ],
    [
      'a tag of many bytes',
      sequence(der(0x1f, Buffer.from([1]))),
      "The key contains an element that keys don't have.",
    ],
    [
      'a number alone',
      der(0x30, integer(0)),
      "The PKCS#8 key doesn't say what kind of key it is.",
    ],
    [
      'an empty sequence',
      der(0x30),
      'The DER data contains no SEC1 or PKCS#8 private key.',
    ],
  ])('%s', async (_name, content, message) => {
    expect(await refusal({ content })).toBe(`invalid-key-file: ${message}`)
  })

  test('BER and a key without its leading zero, until OpenSSL writes it again', async () => {
    const ber = Buffer.concat([
      Buffer.from([0x30, 0x80]),
      pkcs8(good).subarray(3),
      Buffer.alloc(2),
    ])
    for (const content of [ber, pkcs8(sec1(short))]) {
      const anew = openssl(['pkey', '-inform', 'DER'], content)
      expect(await files.read({ content: anew })).toMatchObject({
        format: 'pkcs8',
      })
    }
  })
})
