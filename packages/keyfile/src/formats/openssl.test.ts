import { afterAll, describe, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { newKey } from '../../../../test/support/newKey.js'
import { openssl } from '../../../../test/support/openssl.js'
import { toPkcs8 } from '../PrivateKey.js'

// OpenSSL creates every file, and the account must match ethers.

const files = createKeyFiles()
afterAll(() => files.dispose())
const { readHex } = files
const password = 'correct horse'
const pass = ['-passout', `pass:${password}`]

const { sec1, hex, address } = newKey()
const topk8 = ['pkcs8', '-topk8']
const plain = [...topk8, '-nocrypt']
const encrypt = (...args: string[]) =>
  openssl([...topk8, ...args, ...pass], sec1)

describe('files written by OpenSSL', () => {
  const rows: [string, Buffer, 'sec1' | 'pkcs8'][] = [
    ['ecparam -genkey -noout', sec1, 'sec1'],
    ['ec -outform DER', openssl(['ec', '-outform', 'DER'], sec1), 'sec1'],
    [
      'ec -conv_form compressed',
      openssl(['ec', '-conv_form', 'compressed'], sec1),
      'sec1',
    ],
    ['ec -no_public', openssl(['ec', '-no_public'], sec1), 'sec1'],
    ['pkcs8 -nocrypt', openssl(plain, sec1), 'pkcs8'],
    [
      'pkcs8 -nocrypt, DER',
      openssl([...plain, '-outform', 'DER'], sec1),
      'pkcs8',
    ],
    ['pkey', openssl(['pkey'], sec1), 'pkcs8'],
    [
      'pkey of a key without public key',
      openssl(['pkey'], openssl(['ec', '-no_public'], sec1)),
      'pkcs8',
    ],
  ]
  test.each(rows)('%s', async (_name, content, format) => {
    expect(await readHex({ content })).toEqual({
      hex,
      address,
      format,
      encrypted: false,
    })
    // The file's name doesn't matter; standard input works the same.
    expect(await readHex({ stdin: content, format })).toMatchObject({ address })
  })

  test("ecparam -genkey with the parameters' block", async () => {
    const { sec1: content, hex, address } = newKey([])
    expect(content.toString()).toContain('-----BEGIN EC PARAMETERS-----')
    expect(await readHex({ content })).toMatchObject({ hex, address })
  })

  const encrypted: [string, Buffer, 'sec1' | 'pkcs8'][] = [
    ['pkcs8 -topk8', encrypt(), 'pkcs8'],
    ['pkcs8 -topk8, DER', encrypt('-outform', 'DER'), 'pkcs8'],
    ['pkcs8 -scrypt', encrypt('-scrypt'), 'pkcs8'],
    [
      'pkcs8 -scrypt -scrypt_N 1024 -scrypt_p 3',
      encrypt('-scrypt', '-scrypt_N', '1024', '-scrypt_p', '3'),
      'pkcs8',
    ],
    ...['1', '224', '256', '384', '512'].map(
      (size): [string, Buffer, 'pkcs8'] => [
        `pkcs8 -v2prf hmacWithSHA${size}`,
        encrypt('-v2', 'aes-256-cbc', '-v2prf', `hmacWithSHA${size}`),
        'pkcs8',
      ],
    ),
    ...['aes-128-cbc', 'aes-192-cbc', 'des3'].map(
      (cipher): [string, Buffer, 'pkcs8'] => [
        `pkcs8 -v2 ${cipher}`,
        encrypt('-v2', cipher, '-iter', '1000'),
        'pkcs8',
      ],
    ),
    ...['-aes128', '-aes192', '-aes256', '-des3'].map(
      (cipher): [string, Buffer, 'sec1'] => [
        `ec ${cipher}, with the headers of 1993`,
        openssl(['ec', cipher, ...pass], sec1),
        'sec1',
      ],
    ),
  ]
  test.each(encrypted)('%s', async (_name, content, format) => {
    expect(await readHex({ content, password })).toEqual({
      hex,
      address,
      format,
      encrypted: true,
    })
    await expect(
      files.read({ content, password: 'another' }),
    ).rejects.toMatchObject({
      name: 'WrongPasswordError',
      code: 'wrong-password',
    })
  })

  test('line ends of Windows and old Macs, a byte order mark, and text before the block', async () => {
    const text = openssl(plain, sec1).toString()
    const legacy = openssl(['ec', '-aes256', ...pass], sec1).toString()
    for (const content of [
      text.replaceAll('\n', '\r\n'),
      text.replaceAll('\n', '\r'),
      `\ufeff${text}`,
      text.trimEnd(),
      text.replaceAll('\n', '  \n'),
      `\n\n${text}\n\n`,
      `Bag Attributes\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n${text}`,
    ])
      expect(await readHex({ content })).toMatchObject({ hex, address })
    const content = legacy.replaceAll('\n', '\r\n')
    expect(await readHex({ content, password })).toMatchObject({ hex })
  })

  test("the PKCS#8 for KMS equals OpenSSL's, byte for byte", async () => {
    const key = await files.read({ content: sec1 })
    expect(toPkcs8(key)).toEqual(openssl([...plain, '-outform', 'DER'], sec1))
    expect(toPkcs8(key)).toHaveLength(135)
  })
})
