import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { buildKeystore } from '../support/buildKeystore.js'
import { multiply, order, toBytes } from '../support/curve.js'
import {
  bits,
  der,
  embedded,
  integer,
  namedCurve,
  octets,
  oid,
  pem,
  pkcs8,
  sec1,
  sequence,
} from '../support/der.js'
import { createKeyFiles, type Reading } from '../support/keyFiles.js'
import { openssl } from '../support/openssl.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

const d = Buffer.alloc(32, 0x5a)
const point = multiply(BigInt(`0x${d.toString('hex')}`))
const otherPoint = multiply(7n)
const hex = d.toString('hex')
const password = 'correct horse'

async function refusal(reading: Reading): Promise<string> {
  const error = await files.read(reading).then(
    (key) => {
      throw new Error(`It was read, as ${key.address}.`)
    },
    (error: Error & { code: string; shortMessage?: string }) => error,
  )
  const whole = [error.message, error.stack, JSON.stringify(error)].join()
  for (const secret of [hex, d.toString('base64').slice(0, 20)])
    expect(whole).not.toContain(secret)
  return `${error.code}: ${error.shortMessage}`
}

/** By genpkey, whose algorithm has its options behind colons. */
const newPkcs8 = (algorithm: string, ...options: string[]) =>
  openssl([
    'genpkey',
    '-algorithm',
    algorithm,
    ...options.flatMap((option) => ['-pkeyopt', option]),
  ])

/** As a browser or Java exports a key. */
function exportPkcs12(key: Buffer): Buffer {
  const path = files.write(key)
  const cert = ['req', '-x509', '-new', '-key', path, '-subj', '/CN=x']
  const certificate = openssl([...cert, '-days', '1'])
  const pass = ['-passout', `pass:${password}`]
  return openssl(['pkcs12', '-export', '-inkey', path, ...pass], certificate)
}
const someKey = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
const pkcs12 = exportPkcs12(someKey)

describe('keys that are none of secp256k1', () => {
  test.each([
    ['0', 0n, 'The private key is 0.'],
    ['n', order, 'The private key is not below the order of secp256k1.'],
    [
      'n + 1',
      order + 1n,
      'The private key is not below the order of secp256k1.',
    ],
    [
      '2^256 - 1',
      2n ** 256n - 1n,
      'The private key is not below the order of secp256k1.',
    ],
  ])('d = %s, in each format', async (_name, value, message) => {
    const scalar = toBytes(value)
    const contents: Reading[] = [
      { stdin: scalar.toString('hex') },
      { content: sec1(scalar, namedCurve, embedded(point)) },
      { content: pkcs8(sec1(scalar)) },
      { content: pem('PRIVATE KEY', pkcs8(sec1(scalar, embedded(point)))) },
      { content: JSON.stringify(buildKeystore(scalar, password)), password },
    ]
    for (const reading of contents)
      expect(await refusal(reading)).toBe(`invalid-key-file: ${message}`)
  })

  test('d = n - 1 and d = 1 are keys', async () => {
    for (const value of [1n, order - 1n]) {
      const key = await files.read({ content: pkcs8(sec1(toBytes(value))) })
      expect(key.address).toBe(
        new Wallet(`0x${toBytes(value).toString('hex')}`).address,
      )
    }
  })

  test.each([
    [
      'P-256 in PKCS#8',
      newPkcs8('EC', 'ec_paramgen_curve:P-256'),
      "The PKCS#8 key is on the curve P-256 (prime256v1), and Ethereum's is secp256k1.",
    ],
    [
      'P-384 in PKCS#8',
      newPkcs8('EC', 'ec_paramgen_curve:P-384'),
      "The PKCS#8 key is on the curve P-384 (secp384r1), and Ethereum's is secp256k1.",
    ],
    [
      'P-256 in SEC1',
      openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout']),
      "The SEC1 key is on the curve P-256 (prime256v1), and Ethereum's is secp256k1.",
    ],
    [
      'P-256 with its parameters',
      openssl(['ecparam', '-name', 'prime256v1', '-genkey']),
      "The block EC PARAMETERS is on the curve P-256 (prime256v1), and Ethereum's is secp256k1.",
    ],
    [
      'secp256k1 parameters before P-256',
      Buffer.concat([
        openssl(['ecparam', '-name', 'secp256k1']),
        openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout']),
      ]),
      "The SEC1 key is on the curve P-256 (prime256v1), and Ethereum's is secp256k1.",
    ],
    [
      'sect233k1',
      openssl(['ecparam', '-name', 'sect233k1', '-genkey', '-noout']),
      "The SEC1 key is on the curve 1.3.132.0.26, and Ethereum's is secp256k1.",
    ],
    [
      'RSA',
      newPkcs8('RSA'),
      "The PKCS#8 key is an RSA key, and Ethereum's keys are on the curve secp256k1.",
    ],
    [
      'Ed25519',
      newPkcs8('ED25519'),
      "The PKCS#8 key is an Ed25519 key, and Ethereum's keys are on the curve secp256k1.",
    ],
    [
      'a public key',
      openssl(
        ['ec', '-pubout'],
        openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout']),
      ),
      'The PEM holds "PUBLIC KEY", and a private key of secp256k1 is expected.',
    ],
    [
      'a public key in DER',
      openssl(
        ['ec', '-pubout', '-outform', 'DER'],
        openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout']),
      ),
      'The DER holds a public key.',
    ],
    ['PKCS#12', pkcs12, 'The file is PKCS#12, which holds certificates too.'],
    [
      'an RSA key of PKCS#1',
      openssl(['genrsa', '-traditional', '2048']),
      'The PEM holds "RSA PRIVATE KEY", and a private key of secp256k1 is expected.',
    ],
    [
      'parameters alone',
      openssl(['ecparam', '-name', 'secp256k1']),
      'The PEM holds the parameters of a curve and no key.',
    ],
  ])('%s', async (_name, content, message) => {
    expect(await refusal({ content })).toBe(`invalid-key-file: ${message}`)
  })

  test('PKCS#12, until OpenSSL takes the key out', async () => {
    const pass = ['-passin', `pass:${password}`, '-passout', `pass:${password}`]
    const out = openssl(['pkcs12', '-nocerts', ...pass], pkcs12)
    expect(out.toString()).toContain('Bag Attributes')
    const key = await files.read({ content: out, password })
    const { address } = await files.read({ content: someKey })
    expect(key).toMatchObject({ format: 'pkcs8', address })
  })

  test('a curve spelt out, though it is secp256k1, until OpenSSL names it', async () => {
    const explicit = openssl([
      'ecparam',
      '-name',
      'secp256k1',
      '-genkey',
      '-noout',
      '-param_enc',
      'explicit',
    ])
    const sentence = 'spells its curve out in parameters instead of naming it.'
    expect(await refusal({ content: explicit })).toBe(
      `invalid-key-file: The SEC1 key ${sentence}`,
    )
    const inPkcs8 = openssl(['pkcs8', '-topk8', '-nocrypt'], explicit)
    expect(await refusal({ content: inPkcs8 })).toBe(
      `invalid-key-file: The PKCS#8 key ${sentence}`,
    )
    const block = openssl([
      'ecparam',
      '-name',
      'secp256k1',
      '-genkey',
      '-param_enc',
      'explicit',
    ])
    expect(await refusal({ content: block })).toBe(
      `invalid-key-file: The block EC PARAMETERS ${sentence}`,
    )
    // As the message says.
    const named = openssl(['ec', '-param_enc', 'named_curve'], explicit)
    expect(await files.read({ content: named })).toMatchObject({
      format: 'sec1',
    })
  })
})

describe('SEC1 and PKCS#8 that do not hold together', () => {
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
  ])('%s is taken', async (_name, content) => {
    const key = await files.read({ content })
    expect(new Wallet(`0x${key.d.toString('hex')}`).address).toBe(key.address)
  })

  test.each([
    [
      'public key of another',
      pkcs8(sec1(d, embedded(otherPoint))),
      'The PKCS#8 key holds a public key that does not belong to its private key.',
    ],
    [
      'public key mirrored',
      pkcs8(sec1(d, embedded(negated))),
      'The PKCS#8 key holds a public key that does not belong to its private key.',
    ],
    [
      'public key with unused bits',
      pkcs8(sec1(d, der(0xa1, der(0x03, Buffer.from([1]), point)))),
      'The PKCS#8 key holds a public key that does not belong to its private key.',
    ],
    [
      'public key empty',
      pkcs8(sec1(d, embedded(Buffer.alloc(0)))),
      'The PKCS#8 key holds a public key that does not belong to its private key.',
    ],
    [
      'outer public key of another',
      sequence(
        integer(1),
        curve,
        octets(good),
        der(0x81, Buffer.from([0]), otherPoint),
      ),
      'The PKCS#8 key holds a public key that does not belong to its private key.',
    ],
    [
      'outer public key in version 1',
      pkcs8(good, curve, der(0x81, Buffer.from([0]), point)),
      'The PKCS#8 key has members that no such key has.',
    ],
    [
      'public key before the curve',
      pkcs8(sec1(d, embedded(point), namedCurve)),
      'The PKCS#8 key has members that no such key has.',
    ],
    [
      'public key twice',
      pkcs8(sec1(d, embedded(point), embedded(point))),
      'The PKCS#8 key has members that no such key has.',
    ],
    [
      '31 bytes of key, not shown',
      pkcs8(sec1(short)),
      'The PKCS#8 key has 31 bytes of private key, and secp256k1 has 32, with leading zeros.',
    ],
    [
      '33 bytes of key, not shown',
      pkcs8(sec1(Buffer.concat([Buffer.alloc(1), d]))),
      'The PKCS#8 key has 33 bytes of private key, and secp256k1 has 32, with leading zeros.',
    ],
    [
      '33 bytes of key, the first not 0',
      pkcs8(sec1(Buffer.concat([Buffer.from([1]), d]), embedded(point))),
      'The PKCS#8 key has 33 bytes of private key, and secp256k1 has 32, with leading zeros.',
    ],
    [
      'no bytes of key',
      pkcs8(sec1(Buffer.alloc(0), embedded(point))),
      'The private key is 0.',
    ],
    [
      'version 2 of SEC1',
      pkcs8(sequence(integer(2), octets(d))),
      'The PKCS#8 key is not of version 1.',
    ],
    [
      'version 3 of PKCS#8',
      sequence(integer(2), curve, octets(good)),
      'The PKCS#8 key is of an unknown version.',
    ],
    [
      'a negative version',
      sequence(integer(0x80), curve, octets(good)),
      'The key in DER has no number where one is expected.',
    ],
    [
      'another curve inside',
      pkcs8(sec1(d, der(0xa0, oid('p256')))),
      "The PKCS#8 key is on the curve P-256 (prime256v1), and Ethereum's is secp256k1.",
    ],
    [
      'two curves inside',
      pkcs8(sec1(d, der(0xa0, oid('secp256k1'), oid('secp256k1')))),
      'The PKCS#8 key does not name its curve.',
    ],
    [
      'no curve',
      sequence(integer(0), sequence(oid('idEcPublicKey')), octets(good)),
      'The PKCS#8 key does not name its curve.',
    ],
    [
      'an implicit curve',
      pkcs8(good, sequence(oid('idEcPublicKey'), der(0x05))),
      'The PKCS#8 key does not name its curve.',
    ],
    ['SEC1 without a curve', good, 'The SEC1 key does not say its curve.'],
    [
      'bytes after it',
      Buffer.concat([pkcs8(good), Buffer.from([0])]),
      'The key in DER ends, and 1 more bytes follow.',
    ],
    [
      'two keys',
      Buffer.concat([pkcs8(good), pkcs8(good)]),
      `The key in DER ends, and ${pkcs8(good).length} more bytes follow.`,
    ],
    [
      'bytes after the inner key',
      pkcs8(Buffer.concat([good, Buffer.from([5, 0])])),
      'The PKCS#8 key ends, and 2 more bytes follow.',
    ],
    [
      'an indefinite length',
      Buffer.concat([
        Buffer.from([0x30, 0x80]),
        pkcs8(good).subarray(3),
        Buffer.alloc(2),
      ]),
      'The key in DER is in BER with a length left open, and DER is expected.',
    ],
    [
      'a length longer than needed',
      Buffer.concat([Buffer.from([0x30, 0x82, 0]), pkcs8(good).subarray(2)]),
      'The key in DER is in BER with a longer length than needed, and DER is expected.',
    ],
    [
      'a length of 4 GiB',
      Buffer.concat([
        Buffer.from([0x30, 0x84, 255, 255, 255, 255]),
        pkcs8(good).subarray(3),
      ]),
      'The key in DER is cut off, or damaged: an element is longer than what is left.',
    ],
    [
      'a length of 127 bytes',
      Buffer.concat([Buffer.from([0x30, 0xff]), Buffer.alloc(130, 1)]),
      'The key in DER is cut off, or damaged: an element is longer than what is left.',
    ],
    [
      'a tag of many bytes',
      sequence(der(0x1f, Buffer.from([1]))),
      'The key in DER has an element that no key has.',
    ],
    [
      'a number alone',
      der(0x30, integer(0)),
      'The PKCS#8 key does not say what kind of key it is.',
    ],
    [
      'an empty sequence',
      der(0x30),
      'The DER holds no private key of SEC1 or PKCS#8.',
    ],
  ])('%s', async (_name, content, message) => {
    expect(await refusal({ content })).toBe(`invalid-key-file: ${message}`)
  })

  test('BER and a key without its zero, until OpenSSL writes it anew', async () => {
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

describe('PEM that is not whole', () => {
  const text = pem('PRIVATE KEY', pkcs8(sec1(d, embedded(point))))
  const lines = text.split('\n')

  test.each([
    [
      'no last line',
      lines.slice(0, -2).join('\n'),
      'The PEM block "PRIVATE KEY" has no end.',
    ],
    [
      'another last line',
      text.replace('END PRIVATE', 'END PUBLIC'),
      'The PEM block "PRIVATE KEY" has no end.',
    ],
    [
      'a line short',
      [...lines.slice(0, 2), ...lines.slice(3)].join('\n'),
      'The PKCS#8 key is cut off, or damaged: an element is longer than what is left.',
    ],
    [
      'a letter short',
      text.replace(/A\n/, '\n').replace(/(.)\n-----END/, '\n-----END'),
      'The PEM block "PRIVATE KEY" is not whole base64.',
    ],
    [
      'a strange letter',
      text.replace(/.\n-----END/, '*\n-----END'),
      'The PEM block "PRIVATE KEY" is not whole base64.',
    ],
    ['text after it', `${text}hello\n`, 'Text follows the PEM block.'],
    ['a second key', text + text, 'The PEM holds "PRIVATE KEY" after the key.'],
    [
      'parameters after it',
      `${text}${openssl(['ecparam', '-name', 'secp256k1'])}`,
      'The PEM holds "EC PARAMETERS" after the key.',
    ],
    [
      'no first line',
      lines.slice(1).join('\n'),
      'No format of a private key is recognised: it is other text.',
    ],
    [
      'a first line that is none',
      text.replace('BEGIN PRIVATE KEY', 'BEGIN PRIVATE KEY '),
      'The PEM has no block that begins as one should.',
    ],
    [
      'nothing in it',
      pem('PRIVATE KEY', Buffer.alloc(0)),
      'The PKCS#8 key is cut off, or damaged: an element is longer than what is left.',
    ],
    [
      'headers where none belong',
      text.replace(
        'KEY-----\n',
        'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n',
      ),
      'The PEM block "PRIVATE KEY" has headers, which belong to "EC PRIVATE KEY" only.',
    ],
    [
      'SEC1 under the name of PKCS#8',
      pem('PRIVATE KEY', sec1(d, namedCurve)),
      'The PKCS#8 key does not say what kind of key it is.',
    ],
    [
      'PKCS#8 under the name of SEC1',
      pem('EC PRIVATE KEY', pkcs8(sec1(d))),
      'The SEC1 key is not of version 1.',
    ],
    [
      'OpenSSH',
      pem('OPENSSH PRIVATE KEY', d),
      'The PEM holds "OPENSSH PRIVATE KEY", and a private key of secp256k1 is expected.',
    ],
    [
      'an unknown cipher',
      pem('EC PRIVATE KEY', Buffer.alloc(16)).replace(
        'KEY-----\n',
        'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: RC4,00\n\n',
      ),
      'The PEM block has headers of an encryption that is not known here.',
    ],
    [
      'an IV of another length',
      pem('EC PRIVATE KEY', Buffer.alloc(16)).replace(
        'KEY-----\n',
        'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n',
      ),
      'The PEM block has headers of an encryption that is not known here.',
    ],
  ])('%s', async (_name, content, message) => {
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: ${message}`,
    )
  })
})

describe('encrypted PKCS#8 that is hostile, old or damaged', () => {
  const key = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
  const pass = ['-passout', `pass:${password}`]

  test('old schemes, until OpenSSL encrypts it anew', async () => {
    const legacy = ['-provider', 'legacy', '-provider', 'default']
    for (const scheme of ['PBE-SHA1-3DES', 'PBE-SHA1-RC4-128', 'PBE-MD5-DES']) {
      const old = openssl(
        ['pkcs8', '-topk8', '-v1', scheme, ...pass, ...legacy],
        key,
      )
      expect(await refusal({ content: old, password })).toBe(
        'invalid-key-file: The encrypted PKCS#8 key is encrypted by an old scheme, and PBES2 is expected.',
      )
      const anew = openssl(
        [
          'pkcs8',
          '-topk8',
          '-v2',
          'aes-256-cbc',
          '-passin',
          `pass:${password}`,
          ...pass,
          ...legacy,
        ],
        old,
      )
      expect(await files.read({ content: anew, password })).toMatchObject({
        encrypted: true,
      })
    }
    const camellia = openssl(
      ['pkcs8', '-topk8', '-v2', 'camellia-256-cbc', ...pass],
      key,
    )
    expect(await refusal({ content: camellia, password })).toBe(
      'invalid-key-file: The encrypted PKCS#8 key is encrypted by the cipher 1.2.392.200011.61.1.1.1.4; AES and triple DES in CBC are allowed.',
    )
  })

  const aes = (iv: Buffer) =>
    sequence(der(0x06, Buffer.from('60864801650304012a', 'hex')), octets(iv))
  const pbkdf2 = (...parameters: Buffer[]) =>
    sequence(
      der(0x06, Buffer.from('2a864886f70d01050c', 'hex')),
      sequence(...parameters),
    )
  const scrypt = (...parameters: Buffer[]) =>
    sequence(
      der(0x06, Buffer.from('2b06010401da47040b', 'hex')),
      sequence(...parameters),
    )
  const encrypted = (
    kdf: Buffer,
    cipher = aes(Buffer.alloc(16)),
    text = Buffer.alloc(144),
  ) =>
    sequence(
      sequence(
        der(0x06, Buffer.from('2a864886f70d01050d', 'hex')),
        sequence(kdf, cipher),
      ),
      octets(text),
    )
  const salt = octets(Buffer.alloc(16))
  const broken = 'The encrypted PKCS#8 key does not hold together.'

  test.each([
    [
      '2^31 rounds',
      encrypted(pbkdf2(salt, integer(0, 0x80, 0, 0, 0))),
      'The encrypted PKCS#8 key asks PBKDF2 for 2147483648 rounds, and 10000000 are allowed.',
    ],
    [
      'rounds beyond all numbers',
      encrypted(pbkdf2(salt, integer(...Buffer.alloc(40, 1)))),
      'The encrypted PKCS#8 key has a count of PBKDF2 that is no positive whole number.',
    ],
    [
      '0 rounds',
      encrypted(pbkdf2(salt, integer(0))),
      'The encrypted PKCS#8 key has a count of PBKDF2 that is no positive whole number.',
    ],
    [
      'a negative count',
      encrypted(pbkdf2(salt, integer(0xff))),
      'The encrypted PKCS#8 key has no number where one is expected.',
    ],
    [
      'scrypt with 2^40',
      encrypted(
        scrypt(salt, integer(1, 0, 0, 0, 0, 0), integer(8), integer(1)),
      ),
      'The encrypted PKCS#8 key has an n of scrypt that is no power of 2 above 1.',
    ],
    [
      'scrypt with 4 GiB',
      encrypted(scrypt(salt, integer(0x40, 0, 0), integer(8), integer(1))),
      'The encrypted PKCS#8 key asks scrypt for 4096 MiB, and 1024 are allowed.',
    ],
    [
      'scrypt with r of 2^30',
      encrypted(scrypt(salt, integer(2), integer(0x40, 0, 0, 0), integer(1))),
      'The encrypted PKCS#8 key asks scrypt for 262144 MiB, and 1024 are allowed.',
    ],
    [
      'scrypt with p of 2^30',
      encrypted(scrypt(salt, integer(2), integer(1), integer(0x40, 0, 0, 0))),
      'The encrypted PKCS#8 key asks scrypt for n x r x p = 2147483648, and 16777216 is allowed.',
    ],
    [
      'scrypt with n of 3',
      encrypted(scrypt(salt, integer(3), integer(8), integer(1))),
      'The encrypted PKCS#8 key has an n of scrypt that is no power of 2 above 1.',
    ],
    [
      'scrypt with p of 0',
      encrypted(scrypt(salt, integer(2), integer(8), integer(0))),
      'The encrypted PKCS#8 key has a number of scrypt (n, r, p) that is no positive whole number.',
    ],
    [
      'a salt of 2 KiB',
      encrypted(pbkdf2(octets(Buffer.alloc(2048)), integer(1))),
      'The encrypted PKCS#8 key has a salt of over 1024 bytes.',
    ],
    [
      'a key of another length',
      encrypted(pbkdf2(salt, integer(1), integer(16))),
      broken,
    ],
    [
      'a short IV',
      encrypted(pbkdf2(salt, integer(1)), aes(Buffer.alloc(15))),
      broken,
    ],
    [
      'no ciphertext',
      encrypted(pbkdf2(salt, integer(1)), undefined, Buffer.alloc(0)),
      broken,
    ],
    [
      'half a block',
      encrypted(pbkdf2(salt, integer(1)), undefined, Buffer.alloc(40)),
      broken,
    ],
    [
      'an unknown PRF',
      encrypted(pbkdf2(salt, integer(1), sequence(oid('rsa'), der(0x05)))),
      'The encrypted PKCS#8 key derives its key with the function 1.2.840.113549.1.1.1; HMAC with SHA-1 or SHA-2 is allowed.',
    ],
    [
      'an unknown derivation',
      encrypted(sequence(oid('rsa'), sequence(salt))),
      'The encrypted PKCS#8 key has the key derivation 1.2.840.113549.1.1.1; PBKDF2 and scrypt are allowed.',
    ],
    ['no salt', encrypted(pbkdf2()), broken],
    [
      'a member too much',
      encrypted(
        pbkdf2(salt, integer(1), integer(32), sequence(oid('rsa')), integer(1)),
      ),
      broken,
    ],
    [
      'a third member',
      sequence(...[encrypted(pbkdf2(salt, integer(1))).subarray(3), der(0x05)]),
      broken,
    ],
  ])('%s', async (_name, content, message) => {
    const start = Date.now()
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: ${message}`,
    )
    expect(Date.now() - start).toBeLessThan(5000)
  })

  test('the right password around something else', async () => {
    const inside = generateKeyPairSync('ed25519').privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: password,
    })
    expect(await refusal({ content: inside, password })).toBe(
      "invalid-key-file: The PKCS#8 key is an Ed25519 key, and Ethereum's keys are on the curve secp256k1.",
    )
  })
})

describe('keystores that are hostile or damaged', () => {
  const good = buildKeystore(d, password)
  const { crypto } = good
  const withCrypto = (changes: object) => ({
    ...good,
    crypto: { ...crypto, ...changes },
  })
  const withParams = (changes: object) =>
    withCrypto({ kdfparams: { ...crypto.kdfparams, ...changes } })
  const other = new Wallet(`0x${'11'.repeat(32)}`).address

  test.each<[string, object | string, string]>([
    ['version 1', { ...good, version: 1 }, 'is of another version than 3.'],
    ['version "3"', { ...good, version: '3' }, 'is of another version than 3.'],
    [
      'no version',
      { ...good, version: undefined },
      'has no version, so it is no keystore of Ethereum.',
    ],
    ['other JSON', '{}', 'has no version, so it is no keystore of Ethereum.'],
    ['no crypto', { version: 3 }, 'has no crypto that is an object.'],
    [
      'crypto a list',
      { version: 3, crypto: [] },
      'has no crypto that is an object.',
    ],
    [
      'both spellings',
      { ...good, Crypto: crypto },
      'has both crypto and Crypto.',
    ],
    [
      'another cipher',
      withCrypto({ cipher: 'aes-128-cbc' }),
      'has a cipher other than aes-128-ctr.',
    ],
    [
      'another kdf',
      withCrypto({ kdf: 'argon2id' }),
      'has a kdf other than scrypt and pbkdf2.',
    ],
    [
      'another prf',
      withCrypto({
        kdf: 'pbkdf2',
        kdfparams: { dklen: 32, c: 1, salt: '00', prf: 'hmac-sha1' },
      }),
      'has a kdfparams.prf other than hmac-sha256.',
    ],
    [
      'a short key',
      withParams({ dklen: 16 }),
      'has a kdfparams.dklen other than 32.',
    ],
    [
      'a huge key',
      withParams({ dklen: 1e9 }),
      'has a kdfparams.dklen other than 32.',
    ],
    [
      'n of 2^30',
      withParams({ n: 2 ** 30 }),
      'asks scrypt for 1048576 MiB, and 1024 are allowed.',
    ],
    [
      'n of 1e300',
      withParams({ n: 1e300 }),
      'has a number of scrypt (n, r, p) that is no positive whole number.',
    ],
    [
      'n in text',
      withParams({ n: '2' }),
      'has a kdfparams.n that is no number.',
    ],
    [
      'n of 1',
      withParams({ n: 1 }),
      'has an n of scrypt that is no power of 2 above 1.',
    ],
    [
      'n of -2',
      withParams({ n: -2 }),
      'has a number of scrypt (n, r, p) that is no positive whole number.',
    ],
    [
      'p of 2^30',
      withParams({ p: 2 ** 30 }),
      'asks scrypt for n x r x p = 17179869184, and 16777216 is allowed.',
    ],
    [
      'r of a half',
      withParams({ r: 0.5 }),
      'has a number of scrypt (n, r, p) that is no positive whole number.',
    ],
    [
      '2^31 rounds',
      withCrypto({
        kdf: 'pbkdf2',
        kdfparams: { dklen: 32, c: 2 ** 31, salt: '00', prf: 'hmac-sha256' },
      }),
      'asks PBKDF2 for 2147483648 rounds, and 10000000 are allowed.',
    ],
    [
      'a salt that is no hex',
      withParams({ salt: 'zz' }),
      'has a kdfparams.salt that is not hex in pairs of digits.',
    ],
    [
      'half a byte of salt',
      withParams({ salt: 'abc' }),
      'has a kdfparams.salt that is not hex in pairs of digits.',
    ],
    [
      'a short mac',
      withCrypto({ mac: crypto.mac.slice(2) }),
      'has a mac of 31 bytes instead of 32.',
    ],
    [
      'a short iv',
      withCrypto({ cipherparams: { iv: '00' } }),
      'has a cipherparams.iv of 1 bytes instead of 16.',
    ],
    [
      'no iv',
      withCrypto({ cipherparams: {} }),
      'has a cipherparams.iv that is not hex in pairs of digits.',
    ],
    [
      'a long ciphertext',
      withCrypto({ ciphertext: `${crypto.ciphertext}00` }),
      'has a ciphertext of 33 bytes instead of 32.',
    ],
    [
      'no ciphertext',
      withCrypto({ ciphertext: '' }),
      'has a ciphertext of 0 bytes instead of 32.',
    ],
    [
      'an address that is none',
      { ...good, address: '0x12' },
      'has an address that is none.',
    ],
    ['cut off', JSON.stringify(good).slice(0, -30), 'is not whole JSON.'],
    ['something after it', `${JSON.stringify(good)}{}`, 'is not whole JSON.'],
    [
      'a member twice',
      JSON.stringify(good).replace('{', '{"version":3,'),
      'has a member twice, and programs differ in which they take.',
    ],
    [
      'a member twice, deep and escaped',
      JSON.stringify(good).replace('"mac":', '"m\\u0061c":"00","mac":'),
      'has a member twice, and programs differ in which they take.',
    ],
    [
      'nested without end',
      `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`,
      'has no version, so it is no keystore of Ethereum.',
    ],
  ])('%s', async (_name, keystore, message) => {
    const content =
      typeof keystore === 'string' ? keystore : JSON.stringify(keystore)
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: The keystore ${message}`,
    )
  })

  test('the address of another key', async () => {
    const content = JSON.stringify({ ...good, address: other })
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: The keystore says that its address is ${other.toLowerCase()}, but its key has the address ${new Wallet(`0x${hex}`).address}.`,
    )
  })

  test('a wrong password, or any part that the mac protects changed', async () => {
    const flip = (text: string) =>
      text.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    const rows: [object, string][] = [
      [good, 'another'],
      [good, ''],
      [good, `${password} `],
      [withCrypto({ mac: flip(crypto.mac) }), password],
      [withCrypto({ ciphertext: flip(crypto.ciphertext) }), password],
      [withParams({ salt: flip(crypto.kdfparams.salt) }), password],
      [withParams({ n: 4 }), password],
    ]
    for (const [keystore, password] of rows)
      expect(
        await refusal({ content: JSON.stringify(keystore), password }),
      ).toBe('wrong-password: The keystore does not open with this password.')
  })

  test('an IV changed is found by the address', async () => {
    // The mac does not cover it: that is the format.
    const changed = withCrypto({ cipherparams: { iv: '00'.repeat(16) } })
    const content = JSON.stringify({
      ...changed,
      address: new Wallet(`0x${hex}`).address,
    })
    expect(await refusal({ content, password })).toMatch(
      /^invalid-key-file: The keystore says that its address is/,
    )
  })
})

describe('hex and recovery phrases', () => {
  const junk = `${'test '.repeat(11)}junk`
  test.each([
    [
      '63 digits',
      hex.slice(1),
      'A private key has 64 hex digits, and these are 63.',
    ],
    [
      '62 digits',
      `0x${hex.slice(2)}`,
      'A private key has 64 hex digits, and these are 62.',
    ],
    [
      '66 digits',
      `00${hex}`,
      'A private key has 64 hex digits, and these are 66.',
    ],
    [
      '0x twice',
      `0x0x${hex}`,
      'A private key has 64 hex digits, and these are 66.',
    ],
    [
      'an x inside',
      hex.replace('5', 'x'),
      'A private key has 64 hex digits, and one of these is an x.',
    ],
    [
      'a letter beyond',
      hex.replace('5', 'g'),
      'No format of a private key is recognised: it is other text.',
    ],
    [
      'a public key',
      point.toString('hex'),
      'A private key has 64 hex digits, and these are 130.',
    ],
    ['11 words', 'test '.repeat(11), 'The recovery phrase has 11 words.'],
    ['13 words', 'test '.repeat(13), 'The recovery phrase has 13 words.'],
    [
      'a bad checksum',
      'test '.repeat(12),
      'The recovery phrase has a wrong checksum.',
    ],
    [
      'two words exchanged',
      junk.replace('test junk', 'junk test'),
      'The recovery phrase has a wrong checksum.',
    ],
    [
      'a mistyped word',
      junk.replace('junk', 'jnuk'),
      "Word 12 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'the start of a word',
      junk.replace('junk', 'jun'),
      "Word 12 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'French',
      'abaisser abandon abdiquer abeille abolir aborder aboutir aboyer abrasif abreuver abriter abroger',
      "Word 1 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'other prose',
      'good day my dear friend',
      "Word 3 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'one word',
      'hello',
      'No format of a private key is recognised: it is other text.',
    ],
    [
      'blanks',
      ' \n ',
      'No format of a private key is recognised: it is blanks alone.',
    ],
    [
      'zeros',
      Buffer.alloc(32),
      'No format of a private key is recognised: it is binary data.',
    ],
    [
      'raw bytes',
      d,
      'No format of a private key is recognised: it is other text.',
    ],
    [
      'UTF-16',
      Buffer.from(`\ufeff${hex}`, 'utf16le'),
      'The key is text in UTF-16, and ASCII is expected.',
    ],
  ])('%s', async (_name, stdin, message) => {
    expect(await refusal({ stdin })).toBe(`invalid-key-file: ${message}`)
  })

  test.each([
    'm/2147483648',
    "m/44''",
    'm/',
    '44/60',
    'm/01',
    'm/-1',
    "M/44'",
    '',
    'm//1',
    `m${'/1'.repeat(17)}`,
    junk,
  ])('the path %j', async (derivationPath) => {
    expect(await refusal({ stdin: junk, derivationPath })).toBe(
      "invalid-input: The derivation path can't be read.",
    )
  })

  test('from a file they are not read', async () => {
    expect(await refusal({ content: hex })).toMatch(
      /^invalid-input: ".+" seems to hold a private key in hex, which is read from standard input only\.$/,
    )
    expect(await refusal({ content: junk })).toMatch(
      /^invalid-input: ".+" seems to hold a recovery phrase, which is read from standard input only\.$/,
    )
  })

  test('options that belong to other formats', async () => {
    expect(await refusal({ stdin: hex, derivationPath: 'm/0' })).toBe(
      'invalid-input: A derivation path or passphrase goes with a recovery phrase, and the key is in the format hex.',
    )
    expect(await refusal({ stdin: hex, format: 'keystore' })).toBe(
      'invalid-input: The key is in the format hex, not keystore.',
    )
    expect(await refusal({ stdin: hex, passwordFd: 0 })).toBe(
      'invalid-input: Key and password are both to come from standard input.',
    )
  })
})

describe('files that are none', () => {
  test('missing, empty, a folder, a device, too long, behind a loop', async () => {
    const at = (name: string) => join(files.folder, name)
    mkdirSync(at('folder'))
    symlinkSync(at('loop'), at('loop'))
    const named = (name: string) => JSON.stringify(at(name))
    expect(await refusal({ in: at('nothing') })).toBe(
      `invalid-input: The key file ${named('nothing')} can't be read.`,
    )
    expect(await refusal({ in: at('loop') })).toBe(
      `invalid-input: The key file ${named('loop')} can't be read.`,
    )
    expect(await refusal({ in: at('folder') })).toBe(
      `invalid-input: The key file ${named('folder')} is no file.`,
    )
    expect(await refusal({ in: '/dev/zero' })).toBe(
      'invalid-input: The key file "/dev/zero" is no file.',
    )
    expect(await refusal({ content: '' })).toMatch(/ is empty\.$/)
    expect(await refusal({ content: Buffer.alloc(65537, 0x61) })).toMatch(
      / is over 65536 bytes\.$/,
    )
    expect(await refusal({ stdin: Buffer.alloc(65537, 0x61) })).toBe(
      'invalid-input: Standard input is over 65536 bytes.',
    )
    expect(await refusal({ stdin: '' })).toBe(
      'invalid-input: Standard input gave no key.',
    )
  })

  test('a key in place of its file is not repeated', async () => {
    expect(await refusal({ in: `0x${hex}` })).toBe(
      'invalid-input: The key file "<64 hex digits>" can\'t be read.',
    )
  })

  test('a pipe is read, and one without a writer does not hold us up', async () => {
    const pipe = join(files.folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(await refusal({ in: pipe })).toBe(
      `invalid-input: The key file ${JSON.stringify(pipe)} is empty.`,
    )
  })

  test('one that others can read is read, with a warning', async () => {
    const content = pkcs8(sec1(d, embedded(point)))
    for (const [mode, warnings] of [
      [0o600, 0],
      [0o400, 0],
      [0o644, 1],
      [0o620, 1],
    ] as const) {
      const key = await files.read({ in: files.write(content, mode) })
      expect(key.warnings).toHaveLength(warnings)
    }
    const key = await files.read({ in: files.write(content, 0o644) })
    expect(key.warnings[0]).toContain(
      'can be read or changed by other users of this machine (mode 644): chmod 600 it.',
    )
  })

  test('what shows nothing of itself is said', async () => {
    const unproven = [expect.stringContaining('compare the address')]
    expect((await files.read({ stdin: hex })).warnings).toEqual(unproven)
    expect((await files.read({ content: pkcs8(sec1(d)) })).warnings).toEqual(
      unproven,
    )
    const explained = sequence(
      integer(1),
      octets(d),
      namedCurve,
      der(0xa1, bits(point)),
    )
    expect((await files.read({ content: explained })).warnings).toEqual([])
  })
})
