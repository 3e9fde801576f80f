import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import {
  bits,
  der,
  integer,
  octets,
  oid,
  sequence,
} from '../../../test/support/der.js'
import { createKeyFiles } from '../../../test/support/keyFiles.js'
import { openssl } from '../../../test/support/openssl.js'
import { parsePublicKey } from './parsePublicKey.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

const sec1 = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
const pubout = (...args: string[]) => openssl(['ec', '-pubout', ...args], sec1)
const { address, publicKey } = await files.read({ content: sec1 })
const point = Buffer.from(publicKey)
const compressed = pubout(
  '-outform',
  'DER',
  '-conv_form',
  'compressed',
).subarray(-33)
const curve = sequence(oid('idEcPublicKey'), oid('secp256k1'))

describe('a public key', () => {
  test.each<[string, string | Buffer]>([
    ['PEM by OpenSSL', pubout()],
    ['DER by OpenSSL', pubout('-outform', 'DER')],
    ['PEM, compressed', pubout('-conv_form', 'compressed')],
    ['DER, compressed', pubout('-outform', 'DER', '-conv_form', 'compressed')],
    ['PEM by pkey', openssl(['pkey', '-pubout'], sec1)],
    [
      'PEM with line ends of Windows',
      pubout().toString().replaceAll('\n', '\r\n'),
    ],
    ['128 hex digits, as MetaMask takes it', point.subarray(1).toString('hex')],
    ['130 hex digits', point.toString('hex')],
    ['66 hex digits', compressed.toString('hex')],
    [
      'with 0x, capitals and a line end',
      `0x${point.toString('hex').toUpperCase()}\n`,
    ],
    ['by ethers', new Wallet(`0x${'5a'.repeat(32)}`).signingKey.publicKey],
  ])('%s', (name, content) => {
    const read = parsePublicKey(Buffer.from(content))
    const expected =
      name === 'by ethers'
        ? new Wallet(`0x${'5a'.repeat(32)}`).address
        : address
    expect(read.address).toBe(expected)
    expect(read.publicKey).toHaveLength(65)
  })

  const offCurve = Buffer.from(point)
  offCurve[64] = (offCurve[64] ?? 0) ^ 1
  const explicit = ['-param_enc', 'explicit']
  test.each<[string, string | Buffer, string]>([
    [
      'a private key in PEM',
      sec1,
      'The PEM file contains "EC PRIVATE KEY" instead of "PUBLIC KEY".',
    ],
    [
      'a private key in DER',
      openssl(['ec', '-outform', 'DER'], sec1),
      'The key is not a public key (SubjectPublicKeyInfo).',
    ],
    [
      'a private key in hex',
      '5a'.repeat(32),
      'The given key has 32 bytes, like a private key. A public key has 64, 65 or 33 bytes.',
    ],
    [
      'two public keys',
      Buffer.concat([pubout(), pubout()]),
      'The PEM file contains more than one public key.',
    ],
    [
      'a public and a private one',
      Buffer.concat([pubout(), sec1]),
      'The PEM file contains "EC PRIVATE KEY" instead of "PUBLIC KEY".',
    ],
    [
      'P-256',
      openssl(
        ['ec', '-pubout'],
        openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout']),
      ),
      'The public key is on the curve P-256 (prime256v1), but Ethereum uses secp256k1.',
    ],
    [
      'RSA',
      openssl(['pkey', '-pubout'], openssl(['genrsa', '2048'])),
      'The public key belongs to an RSA key, but Ethereum keys are on the curve secp256k1.',
    ],
    [
      'a curve spelt out',
      pubout(...explicit),
      'The public key specifies its curve with explicit parameters ' +
        'instead of by name.',
    ],
    [
      'a point beside the curve',
      offCurve.toString('hex'),
      'The public key is not a point on secp256k1.',
    ],
    [
      'a point beside it in DER',
      sequence(curve, bits(offCurve)),
      'The public key is not a point on secp256k1.',
    ],
    [
      'a hybrid point',
      `06${point.subarray(1).toString('hex')}`,
      'The public key is not a point on secp256k1.',
    ],
    ['zeros', '00'.repeat(64), 'The public key is not a point on secp256k1.'],
    [
      'an x beyond the field',
      `02${'ff'.repeat(32)}`,
      'The public key is not a point on secp256k1.',
    ],
    [
      'unused bits',
      sequence(curve, der(0x03, Buffer.from([4]), point)),
      'The public key contains unexpected fields.',
    ],
    [
      'a third member',
      sequence(curve, bits(point), integer(1)),
      'The public key contains unexpected fields.',
    ],
    [
      'no bits',
      sequence(curve, octets(point)),
      'The key is not a public key (SubjectPublicKeyInfo).',
    ],
    [
      'bytes after it',
      Buffer.concat([pubout('-outform', 'DER'), Buffer.alloc(1)]),
      'The public key is followed by 1 more byte.',
    ],
    [
      'cut off',
      pubout('-outform', 'DER').subarray(0, -1),
      'The public key is cut off or damaged: an element is longer than the ' +
        'remaining data.',
    ],
    ['an address', address, 'The input is not a public key in a known format.'],
    ['nothing', '', 'The input is not a public key in a known format.'],
  ])('%s is refused', (_name, content, message) => {
    const read = () => parsePublicKey(Buffer.from(content))
    expect(read).toThrow(
      expect.objectContaining({
        code: 'invalid-key-file',
        shortMessage: message,
      }),
    )
    expect(read).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('5a5a') }),
    )
  })
})
