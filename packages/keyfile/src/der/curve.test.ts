import { afterAll, describe, expect, test } from 'vitest'
import {
  createKeyFiles,
  type Reading,
} from '../../../../test/support/keyFiles.js'
import { openssl } from '../../../../test/support/openssl.js'
import { password, readRefusal } from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)

/** Created by genpkey, with algorithm options after colons. */
const newPkcs8 = (algorithm: string, ...options: string[]) =>
  openssl([
    'genpkey',
    '-algorithm',
    algorithm,
    ...options.flatMap((option) => ['-pkeyopt', option]),
  ])

/** In the form in which a browser or Java exports a key. */
function exportPkcs12(key: Buffer): Buffer {
  const path = files.write(key)
  const cert = ['req', '-x509', '-new', '-key', path, '-subj', '/CN=x']
  const certificate = openssl([...cert, '-days', '1'])
  const pass = ['-passout', `pass:${password}`]
  return openssl(['pkcs12', '-export', '-inkey', path, ...pass], certificate)
}
const someKey = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
const pkcs12 = exportPkcs12(someKey)

describe('keys of another curve or kind', () => {
  test.each([
    [
      'P-256 in PKCS#8',
      newPkcs8('EC', 'ec_paramgen_curve:P-256'),
      'The PKCS#8 key is on the curve P-256 (prime256v1), but Ethereum uses secp256k1.',
    ],
    [
      'P-384 in PKCS#8',
      newPkcs8('EC', 'ec_paramgen_curve:P-384'),
      'The PKCS#8 key is on the curve P-384 (secp384r1), but Ethereum uses secp256k1.',
    ],
    [
      'P-256 in SEC1',
      openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout']),
      'The SEC1 key is on the curve P-256 (prime256v1), but Ethereum uses secp256k1.',
    ],
    [
      'P-256 with its parameters',
      openssl(['ecparam', '-name', 'prime256v1', '-genkey']),
      'The block EC PARAMETERS is on the curve P-256 (prime256v1), but Ethereum uses secp256k1.',
    ],
    [
      'secp256k1 parameters before P-256',
      Buffer.concat([
        openssl(['ecparam', '-name', 'secp256k1']),
        openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout']),
      ]),
      'The SEC1 key is on the curve P-256 (prime256v1), but Ethereum uses secp256k1.',
    ],
    [
      'sect233k1',
      openssl(['ecparam', '-name', 'sect233k1', '-genkey', '-noout']),
      'The SEC1 key is on the curve 1.3.132.0.26, but Ethereum uses secp256k1.',
    ],
    [
      'RSA',
      newPkcs8('RSA'),
      'The PKCS#8 key is an RSA key, but Ethereum keys are on the curve secp256k1.',
    ],
    [
      'Ed25519',
      newPkcs8('ED25519'),
      'The PKCS#8 key is an Ed25519 key, but Ethereum keys are on the curve secp256k1.',
    ],
    [
      'a public key',
      openssl(
        ['ec', '-pubout'],
        openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout']),
      ),
      'The PEM file contains "PUBLIC KEY" instead of a secp256k1 private key.',
    ],
    [
      'a public key in DER',
      openssl(
        ['ec', '-pubout', '-outform', 'DER'],
        openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout']),
      ),
      'The DER data contains a public key.',
    ],
    [
      'PKCS#12',
      pkcs12,
      'The file is PKCS#12, which also contains certificates.',
    ],
    [
      'an RSA key of PKCS#1',
      openssl(['genrsa', '-traditional', '2048']),
      'The PEM file contains "RSA PRIVATE KEY" instead of a secp256k1 private key.',
    ],
    [
      'parameters alone',
      openssl(['ecparam', '-name', 'secp256k1']),
      'The PEM file contains curve parameters but no key.',
    ],
  ])('%s', async (_name, content, message) => {
    expect(await refusal({ content })).toBe(`invalid-key-file: ${message}`)
  })

  test('PKCS#12, until OpenSSL extracts the key', async () => {
    const pass = ['-passin', `pass:${password}`, '-passout', `pass:${password}`]
    const out = openssl(['pkcs12', '-nocerts', ...pass], pkcs12)
    expect(out.toString()).toContain('Bag Attributes')
    const key = await files.read({ content: out, password })
    const { address } = await files.read({ content: someKey })
    expect(key).toMatchObject({ format: 'pkcs8', address })
  })

  test('explicit parameters of secp256k1, until OpenSSL names the curve', async () => {
    const explicit = openssl([
      'ecparam',
      '-name',
      'secp256k1',
      '-genkey',
      '-noout',
      '-param_enc',
      'explicit',
    ])
    const sentence =
      'specifies its curve with explicit parameters instead of by name.'
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
    // Follows the message's advice.
    const named = openssl(['ec', '-param_enc', 'named_curve'], explicit)
    expect(await files.read({ content: named })).toMatchObject({
      format: 'sec1',
    })
  })
})
