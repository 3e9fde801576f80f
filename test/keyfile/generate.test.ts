import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { SigningKey, Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { cast } from '../support/cast.js'
import { createKeyFiles } from '../support/keyFiles.js'
import { openssl } from '../support/openssl.js'
import { quickenEthers } from '../support/quickenEthers.js'
import { keywardBin, run, runCli } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'
import { soak } from '../support/tools.js'

quickenEthers()
const files = createKeyFiles()
afterAll(() => files.dispose())

const password = 'correct horse battery'
const passwordFile = files.write(`${password}\n`)
const at = (name: string) => join(files.folder, name)

/** By bash, which opens the descriptor as a user's shell does. */
const generate = (...args: string[]) =>
  run('bash', [
    '-c',
    'exec 3< "$1"; shift; exec "$@" --password-fd 3',
    'bash',
    passwordFile,
    ...[process.execPath, keywardBin, 'key', 'generate', ...args],
  ])

describe('keyward key generate', () => {
  test('a keystore that ethers, cast and we read, as geth writes it', async () => {
    const path = at('keystore.json')
    const { code, stdout, stderr } = await generate('--out', path, '--json')
    expect(code).toBe(0)
    const { address, publicKey, ...rest } = JSON.parse(stdout)
    expect(rest).toEqual({ file: path, format: 'keystore', encrypted: true })
    expect(statSync(path).mode & 0o777).toBe(0o600)

    const text = readFileSync(path, 'utf8')
    const hex = (digits: number) =>
      expect.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`))
    expect(JSON.parse(text)).toEqual({
      address: address.slice(2).toLowerCase(),
      crypto: {
        cipher: 'aes-128-ctr',
        ciphertext: hex(64),
        cipherparams: { iv: hex(32) },
        kdf: 'scrypt',
        kdfparams: { dklen: 32, n: 262144, r: 8, p: 1, salt: hex(64) },
        mac: hex(64),
      },
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/),
      version: 3,
    })
    const opened = cast(
      ...['wallet', 'decrypt-keystore', 'keystore.json', '-k', files.folder],
      ...['--unsafe-password', password],
    )
    const [, secret = ''] = /0x([0-9a-f]{64})$/.exec(opened) ?? []
    expect(new Wallet(`0x${secret}`).address).toBe(address)
    expect(SigningKey.computePublicKey(`0x${secret}`)).toBe(publicKey)
    // scrypt takes seconds each time: the command itself has read the file back,
    // and each run has ethers read one, in writeKeyFile.test.ts.
    if (soak) {
      const wallet = Wallet.fromEncryptedJsonSync(text, password)
      expect(wallet.address).toBe(address)
      const key = await files.read({ in: path, password })
      expect(key.address).toBe(address)
      expect(key.warnings).toEqual([])
      expect(key.d.toString('hex')).toBe(secret)
      expect(`0x${key.publicKey.toString('hex')}`).toBe(publicKey)
    }
    expect(`${stdout}${stderr}${text}`).not.toContain(secret)
    expect(`${stdout}${stderr}${text}`).not.toContain(password)
  })

  test('PKCS#8 that OpenSSL opens and finds whole', async () => {
    const path = at('key.pem')
    const ran = await generate('--out', path, '--format', 'pkcs8')
    expect(ran).toMatchObject({ code: 0 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const [, address] = /^address {2}(0x\w{40})$/m.exec(ran.stdout) ?? []
    const passin = ['-passin', `file:${passwordFile}`]
    openssl(['pkey', '-in', path, ...passin, '-check', '-noout'])
    const plain = openssl(['pkey', '-in', path, ...passin])
    expect((await files.read({ content: plain })).address).toBe(address)
    expect((await files.read({ in: path, password })).address).toBe(address)
    const structure = openssl(['asn1parse', '-in', path]).toString()
    for (const part of ['PBES2', 'PBKDF2', 'hmacWithSHA256', 'aes-256-cbc'])
      expect(structure).toContain(part)
  })

  test('in the clear only when asked, and byte for byte as OpenSSL writes it', async () => {
    const path = at('plain.pem')
    const args = ['--format', 'pkcs8', '--plain', '--out', path]
    const ran = await runInProcess(['key', 'generate', ...args], {})
    expect(ran.code).toBe(0)
    expect(ran.stderr).toContain('Warning: The key is written unencrypted')
    const pem = readFileSync(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(openssl(['pkey'], pem)).toEqual(pem)
    const key = await files.read({ in: path })
    expect(ran.stdout).toContain(key.address)
  })

  test('to standard output: the key file there, its address on stderr', async () => {
    const ran = await generate('--stdout', '--format', 'pkcs8')
    expect(ran.code).toBe(0)
    const key = await files.read({ content: ran.stdout, password })
    expect(ran.stderr).toContain(`address  ${key.address}`)
  })

  test.runIf(soak)('never to a terminal, unless it is meant', async () => {
    const { runInTerminal } = await import('../support/runInTerminal.js')
    const command = [
      ...[process.execPath, keywardBin, 'key', 'generate'],
      ...['--stdout', '--format', 'pkcs8', '--plain'],
    ]
    const refused = await runInTerminal(command, [])
    expect(refused.code).toBe(1)
    expect(refused.shown).toContain('Standard output is a terminal.')
    expect(refused.shown).not.toContain('BEGIN')
    const meant = await runInTerminal([...command, '--even-to-terminal'], [])
    expect(meant).toMatchObject({ code: 0 })
    expect(meant.shown).toContain('-----BEGIN PRIVATE KEY-----')
  })

  test('never over a file, a folder or a link, nor where there is no folder', async () => {
    const there = files.write('what was there')
    mkdirSync(at('folder'))
    symlinkSync(at('nowhere'), at('dangling'))
    for (const [path, message] of [
      [there, "already exists and won't be overwritten."],
      [at('folder'), "already exists and won't be overwritten."],
      [at('dangling'), "already exists and won't be overwritten."],
      [at('none/key.json'), "is in a folder that doesn't exist."],
      [
        join(there, 'key.json'),
        "can't be created, because part of its path is not a folder.",
      ],
    ] as const) {
      // Before a password is asked for.
      const ran = await runInProcess(['key', 'generate', '--out', path], {})
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({
        code: 2,
        stdout: '',
      })
      expect(ran.stderr).toContain(message)
      expect(ran.stderr).toContain('See docs/errors/key-file-not-written.md')
    }
    expect(readFileSync(there, 'utf8')).toBe('what was there')
    expect(existsSync(at('nowhere'))).toBe(false)
  })

  test.runIf(soak)(
    'of two at once to one name, one wins and the other says so',
    async () => {
      const path = at('both.pem')
      const args = ['--format', 'pkcs8', '--out', path]
      const both = await Promise.all([generate(...args), generate(...args)])
      // The other is refused before its key is made, or after.
      expect(both.filter(({ code }) => code === 0)).toHaveLength(1)
      const winner = both.find(({ code }) => code === 0)
      const key = await files.read({ in: path, password })
      expect(winner?.stdout).toContain(key.address)
    },
  )

  test.each([
    ['no terminal to ask', [], 'there is no terminal to ask for it'],
    [
      'a closed descriptor',
      ['--password-fd', '99'],
      'File descriptor 99 is not open.',
    ],
    [
      'standard output',
      ['--password-fd', '1'],
      'File descriptor 1 is an output.',
    ],
    [
      'nothing on standard input',
      ['--password-fd', '0'],
      'File descriptor 0 did not provide a password.',
    ],
  ])('%s: refused, and no file', async (_name, args, message) => {
    const path = at('refused.json')
    const command = ['key', 'generate', '--out', path, ...args]
    const ran = await runCli(command)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(message)
    expect(ran.stderr).toContain('See docs/errors/invalid-password.md')
    expect(existsSync(path)).toBe(false)
  })

  test('what Node has open for itself is not taken for a password', async () => {
    const path = at('refused.json')
    for (const fd of soak ? [3, 4, 7, 15] : [4]) {
      const args = ['--out', path, '--password-fd', String(fd)]
      const ran = await runCli(['key', 'generate', ...args])
      expect(ran.code).toBe(1)
      expect(ran.stderr).toContain(`File descriptor ${fd} `)
    }
    expect(existsSync(path)).toBe(false)
  })

  test.runIf(soak)(
    'a short one, or one with a blank at its end, is taken with a warning',
    async () => {
      const args = ['--format', 'pkcs8', '--password-fd', '0', '--out']
      const short = await runCli(
        ['key', 'generate', ...args, at('short.pem')],
        {
          input: 'short \r\n',
        },
      )
      expect(short.code).toBe(0)
      expect(short.stderr).toContain('The password has 6 characters.')
      expect(short.stderr).toContain('ends with a space')
      const key = await files.read({ in: at('short.pem'), password: 'short ' })
      expect(short.stdout).toContain(key.address)
    },
  )

  test('a password on the command line goes nowhere', async () => {
    const args = ['key', 'generate', `--password=${password}`]
    const ran = await runInProcess(args, {})
    expect(ran.code).toBe(2)
    expect(ran.stderr).toContain('unknown option')
    expect(ran.stderr).not.toContain(password)
  })

  test('no file is left when the disk is full', async () => {
    // A file that takes nothing: the device stands in for its disk.
    const folder = at('full')
    mkdirSync(folder)
    const program = `ulimit -f 0; trap '' XFSZ; exec "$@" --password-fd 3 3< "$0"`
    const ran = await run('bash', [
      '-c',
      program,
      passwordFile,
      ...[process.execPath, keywardBin, 'key', 'generate'],
      ...['--format', 'pkcs8', '--out', join(folder, 'key.pem')],
    ])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      'could not be written and read back: EFBIG. The file was removed.',
    )
    expect(readdirSync(folder)).toEqual([])
  })
})
