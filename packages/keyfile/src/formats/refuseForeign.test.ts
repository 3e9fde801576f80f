import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as HdKey from 'ox/HdKey'
import { afterAll, describe, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { newKey } from '../../../../test/support/newKey.js'
import { openssl } from '../../../../test/support/openssl.js'
import { readError } from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

const { sec1, hex, address } = newKey()
const keyPath = files.write(sec1)
const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })

function byGpg(...args: string[]): Buffer {
  const home = join(files.folder, 'gpg')
  mkdirSync(home, { mode: 0o700, recursive: true })
  const batch = ['--homedir', home, '--batch', '--pinentry-mode', 'loopback']
  return run('gpg', ...batch, '--passphrase', 'x', ...args)
}

function bySshKeygen(...args: string[]): string {
  const path = join(files.folder, `ssh ${args.join()}`)
  run('ssh-keygen', '-q', '-N', '', '-f', path, ...args)
  return path
}

function byZip(): Buffer {
  const path = join(files.folder, 'key.zip')
  run('zip', '-q', '-P', 'x', path, keyPath)
  return readFileSync(path)
}

function recipientOf(name: string): string {
  const quick = ['--quick-generate-key', name, 'rsa2048', 'encr', 'never']
  byGpg(...quick)
  return name
}

const jwk = (options: { namedCurve: string }) =>
  generateKeyPairSync('ec', options).privateKey.export({ format: 'jwk' })
const { privateKey: solana, publicKey } = generateKeyPairSync('ed25519')
const solanaBytes = Buffer.from(
  `${solana.export({ format: 'jwk' }).d}${publicKey.export({ format: 'jwk' }).x}`,
  'base64url',
)
const { privateExtendedKey } = HdKey.fromSeed(`0x${hex}`)
const byEnc = ['enc', '-aes-256-cbc', '-pbkdf2', '-pass', 'pass:x', '-e']
const ssh = bySshKeygen('-t', 'ed25519')

describe('what is known and not read is named', () => {
  test.each<[string, string | Buffer, string]>([
    ['gpg -c', byGpg('-o', '-', '-c', keyPath), 'encrypted by gpg'],
    [
      'gpg -c --armor',
      byGpg('-o', '-', '--armor', '-c', keyPath),
      'encrypted by gpg',
    ],
    [
      'gpg -e',
      byGpg(
        ...['-o', '-', '--trust-model', 'always'],
        ...['-r', recipientOf('someone@example.org'), '-e', keyPath],
      ),
      'encrypted by gpg',
    ],
    [
      'gpg --export-secret-keys',
      byGpg('--armor', '--export-secret-keys'),
      'a key or signature of PGP',
    ],
    [
      'age',
      'age-encryption.org/v1\n-> scrypt aGVsbG8gd29ybGQhISEhIQ 18\n',
      'encrypted by age',
    ],
    [
      'age --armor',
      '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVu\n-----END AGE ENCRYPTED FILE-----\n',
      'encrypted by age',
    ],
    [
      'age-keygen',
      `# created: 2026-01-01T00:00:00Z\nAGE-SECRET-KEY-1${'Q'.repeat(58)}\n`,
      'an identity of age',
    ],
    ['openssl enc', openssl(byEnc, sec1), 'encrypted by openssl enc'],
    [
      'openssl enc -a',
      openssl([...byEnc, '-a'], sec1),
      'encrypted by openssl enc',
    ],
    ['zip -P', byZip(), 'a zip archive'],
    ['gzip', gzipSync(sec1), 'an archive (7z or gzip)'],
    ['ssh-keygen', readFileSync(ssh), 'an SSH key'],
    ['its public key', readFileSync(`${ssh}.pub`), 'an SSH key'],
    [
      'ssh-keygen -t ecdsa',
      readFileSync(`${bySshKeygen('-t', 'ecdsa')}.pub`),
      'an SSH key',
    ],
    [
      'WIF',
      '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ',
      'a private key of Bitcoin (WIF)',
    ],
    [
      'WIF, compressed, with a line end',
      'KwDiBf89QgGbjEhKnhXKuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn\r\n',
      'a private key of Bitcoin (WIF)',
    ],
    [
      'xprv',
      privateExtendedKey,
      'an extended key of BIP-32 (such as xprv), the root of many accounts',
    ],
    [
      'solana-keygen',
      JSON.stringify([...solanaBytes]),
      'a list of numbers, as Solana writes its keys',
    ],
    ['base58 of 64 bytes', `${'4Z'.repeat(43)}\n`, 'a key of Solana in base58'],
    ['a JWK', JSON.stringify(jwk({ namedCurve: 'secp256k1' })), 'a JWK'],
    [
      'a JWK of P-256',
      JSON.stringify(jwk({ namedCurve: 'P-256' }), null, 2),
      'a JWK that is not on secp256k1',
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
    const pem = run(process.execPath, '-p', program.replace('FILE', path))
    const key = await files.read({ content: pem })
    expect(key.d.toString('base64url')).toBe(made.d)
  })

  test('what gpg and unzip take out is read', async () => {
    const encrypted = files.write(byGpg('-o', '-', '-c', keyPath))
    const content = byGpg('-d', encrypted)
    expect(await files.read({ content })).toMatchObject({ address })
    byZip()
    const zip = join(files.folder, 'key.zip')
    const inside = run('unzip', '-p', '-P', 'x', zip)
    expect(await files.read({ content: inside })).toMatchObject({ address })
  })

  test('hex that is too short is no key of Bitcoin', async () => {
    const stdin = '5'.repeat(52)
    expect(await readError(files, { stdin })).toMatchObject({
      shortMessage: 'A private key has 64 hex digits, and these are 52.',
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
  ])('64 KiB of %s end soon', async (_name, endless) => {
    const start = process.cpuUsage()
    expect(
      await readError(files, { stdin: endless.slice(0, 65_536) }),
    ).toMatchObject({ code: 'invalid-key-file' })
    expect(process.cpuUsage(start).user).toBeLessThan(2e6)
  })
})
