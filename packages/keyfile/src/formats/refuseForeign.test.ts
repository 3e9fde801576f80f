import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import * as HdKey from 'ox/HdKey'
import { afterAll, describe, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { newKey } from '../../../../test/support/newKey.js'
import { openssl } from '../../../../test/support/openssl.js'
import { readError } from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

const { sec1, hex } = newKey()

/** The beginnings of files from gpg 2.2.40, Zip 3.0 and OpenSSH 9.2. */
const begin = {
  password:
    'jA0ECQMCd/cB+Vz91hr/0sA4AfJ7RS+8uBweLUM6Rdys45Hw85mrHk3NjOw+8qjn1IZ2OfS6',
  rsa: 'hQEMA1p26MKxuYa4AQf+KPi5OdD+94tbMB06XhiYYjllRvT8AD4+lEEZbe++nPbpxUTPj593',
  curve25519:
    'hF4DwMNx7ElQJtgSAQdAeh0sGhno+MaULxQQM7g4AnpGeSZuPrlU+EI3h1MsT3Awo6sjjhHQ',
  zip: 'UEsDBBQACQAIABAGfV3+fQfyxwAAAN8AAAAFABwAay5wZW1VVAkAA192C2thdgtrdXgLAAEE',
  sshPrivate:
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n',
  sshEd25519:
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOhu2Rh/EvhQ9Px8oPqDzpd3aZMTXA0Xh/u8m5+zVUz0 me\n',
  sshEcdsa:
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCuam3KXJqOxzA me\n',
}
const binary = (base64: string) => Buffer.from(base64, 'base64')

const jwk = (options: { namedCurve: string }) =>
  generateKeyPairSync('ec', options).privateKey.export({ format: 'jwk' })
const { privateKey: solana, publicKey } = generateKeyPairSync('ed25519')
const solanaBytes = Buffer.from(
  `${solana.export({ format: 'jwk' }).d}${publicKey.export({ format: 'jwk' }).x}`,
  'base64url',
)
const { privateExtendedKey } = HdKey.fromSeed(`0x${hex}`)
const byEnc = ['enc', '-aes-256-cbc', '-pbkdf2', '-pass', 'pass:x', '-e']

describe('known but unsupported formats are refused by name', () => {
  test.each<[string, string | Buffer, string]>([
    ['gpg -c', binary(begin.password), 'encrypted with gpg'],
    [
      'gpg -c --armor',
      `-----BEGIN PGP MESSAGE-----\n\n${begin.password}\n`,
      'encrypted with gpg',
    ],
    ['gpg -e', binary(begin.rsa), 'encrypted with gpg'],
    ['gpg -e, of a newer key', binary(begin.curve25519), 'encrypted with gpg'],
    [
      'gpg --armor --export-secret-keys',
      '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQPGBGsLdmIBCACj97XNTrR\n',
      'a PGP key or signature',
    ],
    [
      'age',
      'age-encryption.org/v1\n-> scrypt aGVsbG8gd29ybGQhISEhIQ 18\n',
      'encrypted with age',
    ],
    [
      'age --armor',
      '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVu\n-----END AGE ENCRYPTED FILE-----\n',
      'encrypted with age',
    ],
    [
      'age-keygen',
      `# created: 2026-01-01T00:00:00Z\nAGE-SECRET-KEY-1${'Q'.repeat(58)}\n`,
      'an age identity',
    ],
    ['openssl enc', openssl(byEnc, sec1), 'encrypted with openssl enc'],
    [
      'openssl enc -a',
      openssl([...byEnc, '-a'], sec1),
      'encrypted with openssl enc',
    ],
    ['zip -P', binary(begin.zip), 'a zip archive'],
    ['gzip', gzipSync(sec1), 'an archive (7z or gzip)'],
    ['ssh-keygen', begin.sshPrivate, 'an SSH key'],
    ['its public key', begin.sshEd25519, 'an SSH key'],
    ['ssh-keygen -t ecdsa', begin.sshEcdsa, 'an SSH key'],
    [
      'WIF',
      '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ',
      'a Bitcoin private key (WIF)',
    ],
    [
      'WIF, compressed, with a line end',
      'KwDiBf89QgGbjEhKnhXKuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn\r\n',
      'a Bitcoin private key (WIF)',
    ],
    [
      'xprv',
      privateExtendedKey,
      'a BIP-32 extended key (such as xprv), the root of many accounts',
    ],
    [
      'solana-keygen',
      JSON.stringify([...solanaBytes]),
      'a list of numbers, which is how Solana writes its keys',
    ],
    ['base58 of 64 bytes', `${'4Z'.repeat(43)}\n`, 'a Solana key in base58'],
    ['a JWK', JSON.stringify(jwk({ namedCurve: 'secp256k1' })), 'a JWK'],
    [
      'a JWK of P-256',
      JSON.stringify(jwk({ namedCurve: 'P-256' }), null, 2),
      'a JWK that is not for secp256k1',
    ],
  ])('%s', async (_name, content, is) => {
    for (const reading of [{ content }, { stdin: content }]) {
      const error = await readError(files, reading)
      expect(error).toMatchObject({
        code: 'invalid-key-file',
        shortMessage: `The file is ${is}.`,
      })
      const secret = content.toString().slice(20, 44)
      expect(error.message).not.toContain(secret)
    }
  })

  test('a JWK as Node converts it, as the message says', async () => {
    const made = jwk({ namedCurve: 'secp256k1' })
    const path = files.write(JSON.stringify(made))
    const { message } = await readError(files, { in: path })
    const [, program = ''] = /node -p "(.+)" > NEW/.exec(message) ?? []
    const pem = execFileSync(process.execPath, [
      '-p',
      program.replace('FILE', path),
    ])
    const key = await files.read({ content: pem })
    expect(key.d.toString('base64url')).toBe(made.d)
  })

  test('hex that is too short is not taken for a Bitcoin key', async () => {
    const stdin = '5'.repeat(52)
    expect(await readError(files, { stdin })).toMatchObject({
      shortMessage: 'A private key has 64 hex digits, but this one has 52.',
    })
  })

  test.each<[string, string]>([
    ['a list', `[${'1,'.repeat(40_000)}`],
    ['lists in lists', '['.repeat(70_000)],
    ['a JWK', `{"kty":"EC","crv":"secp256k1","d":"${'A'.repeat(70_000)}`],
    ['first lines', '-----BEGIN PRIVATE KEY-----\n'.repeat(3000)],
    ['blocks', '-----BEGIN A-----\n-----END A-----\n'.repeat(3000)],
    ['joined lines', '-----BEGIN A----------END A-----'.repeat(3000)],
    ['dashes', '-'.repeat(70_000)],
    ['base58', 'x'.repeat(70_000)],
  ])('64 KiB of %s are refused quickly', async (_name, endless) => {
    const start = process.cpuUsage()
    expect(
      await readError(files, { stdin: endless.slice(0, 65_536) }),
    ).toMatchObject({ code: 'invalid-key-file' })
    expect(process.cpuUsage(start).user).toBeLessThan(2e6)
  })
})
