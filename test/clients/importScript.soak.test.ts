import { createPrivateKey } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { chmod, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  DescribeKeyCommand,
  DisableKeyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyPolicyDocument } from '../../packages/iam/src/key-policy/index.js'
import { toPem } from '../support/keyPem.js'
import {
  type ImportScript,
  memory,
  openImportScript,
  script,
} from '../support/openImportScript.js'
import { run } from '../support/runCli.js'
import { runInTerminal } from '../support/runInTerminal.js'
import { startTlsProxy } from '../support/startTlsProxy.js'
import { toolPath, without } from '../support/tools.js'

// scripts/import-key.sh as it is, with Debian's aws and OpenSSL.

describe.skipIf(without('aws') || without('openssl'))('import-key.sh', () => {
  let at: ImportScript
  beforeAll(async () => {
    at = await openImportScript()
  })
  afterAll(() => at.close())

  test('generates a key on a terminal, keeps it encrypted, and its backup checks', async () => {
    const made = await runInTerminal(
      ['bash', script, '--create', 'made', '--generate', '--out', 'made.pem'],
      [
        [/New password for made\.pem: /, 'correct horse'],
        [/Repeat it: /, 'correct horse'],
      ],
      { env: at.env, cwd: at.folder },
    )
    expect(made.code, made.shown).toBe(0)
    expect(made.shown).not.toContain('correct horse')
    const pem = await readFile(join(at.folder, 'made.pem'), 'utf8')
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/)
    const address = /address {5}(0x\w{40})/.exec(made.shown)?.[1]
    const { d } = createPrivateKey({
      key: pem,
      passphrase: 'correct horse',
    }).export({ format: 'jwk' })
    const secret = Buffer.from(d ?? '', 'base64url').toString('hex')
    expect(privateKeyToAccount(`0x${secret}`).address).toBe(address)

    const again = await runInTerminal(
      ['bash', script, '--key-id', 'alias/made', '--pem', 'made.pem'],
      [[/Password of made\.pem: /, 'correct horse']],
      { env: at.env, cwd: at.folder },
    )
    expect(again.code, again.shown).toBe(0)
    expect(again.shown).toContain('so the keys are only compared')
    const second = await at.importKey([
      ...['--key-id', 'alias/made', '--generate', '--no-backup'],
    ])
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('The KMS key already holds a private key')
    expect(second.stderr).not.toContain('To continue')
    expect(again.shown).toContain(address)
    expect(again.shown).not.toContain('shred')

    const wrong = await runInTerminal(
      ['bash', script, '--key-id', 'alias/made', '--pem', 'made.pem'],
      [[/Password of made\.pem: /, 'correct house']],
      { env: at.env, cwd: at.folder },
    )
    expect(wrong.code).toBe(1)
    expect(wrong.shown).toContain("can't read made.pem as a private key")
  })

  test("needs the importer's permissions of the stack's policy, and no others", async () => {
    const key = await at.newKey('importer.pem')
    const KeyId = await at.createKey('EXTERNAL')
    const root = 'arn:aws:iam::000000000000'
    const policy = keyPolicyDocument(
      {
        administrators: [`${root}:user/operator`],
        users: [],
        importers: [`${root}:role/keyward-dev-importer`],
        breakGlass: [],
        deployers: [],
        goesWithStack: false,
        minimumDeletionWindowDays: 30,
        importExpiration: 'never',
      },
      `${root}:root`,
    )
    const Policy = JSON.stringify(policy)
    await at.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }))
    const args = ['--key-id', KeyId, '--pem', key.file]
    const operator = await at.importKey(args)
    expect(operator.code).toBe(1)
    expect(operator.stderr).toContain('GetParametersForImport: An error')
    expect(operator.stderr).toContain('lack this permission on the key.')
    expect(operator.stderr).toContain(`${KeyId} holds no material yet.`)
    const importer = await at.home.env('importer')
    const { code, stdout, stderr } = await at.importKey(args, { env: importer })
    expect(code, stderr).toBe(0)
    expect(stdout).toContain(key.address)
  })

  test('passwords come by descriptors too, and short ones are refused', async () => {
    const key = await at.newKey('descriptor.pem')
    const kmsKey = await at.createKey('EXTERNAL')
    const line = (password: string, out: string) =>
      `exec bash '${script}' --key-id ${kmsKey} --pem ${key.file} --out ${out} --out-password-fd 7 7< <(echo '${password}')`
    const short = await run('bash', ['-c', line('1234567', 'short.pem')], {
      cwd: at.folder,
      env: at.env,
    })
    expect(short.code).toBe(1)
    expect(short.stderr).toContain('at least 8 characters')
    const good = await run('bash', ['-c', line('12345678', 'good.pem')], {
      cwd: at.folder,
      env: at.env,
    })
    expect(good.code, good.stderr).toBe(0)
    expect(
      readdirSync(at.folder).filter((name) => /^(short|good)/.test(name)),
    ).toEqual(['good.pem'])
  })

  describe('refuses a private key', () => {
    test.each([
      ['prime256v1', 'is not on the curve secp256k1'],
      ['secp256k1', 'Nothing was changed in KMS'],
    ])('of OpenSSL on the curve %s', async (curve, reason) => {
      const { stdout } = await run(toolPath('openssl'), [
        ...['ecparam', '-name', curve, '-genkey', '-param_enc', 'explicit'],
      ])
      const { code, stderr } = await at.importKey(
        ['--key-id', 'alias/none', '--pem', '-'],
        { input: stdout },
      )
      expect(code).toBe(1)
      expect(stderr).toContain(reason)
    })

    test('and warns when others may read its file', async () => {
      await at.keyFile('open.pem', toPem(7n))
      await chmod(join(at.folder, 'open.pem'), 0o644)
      const { stderr } = await at.refusedBeforeKms('open.pem')
      expect(stderr).toContain('others can read open.pem (mode 644)')
    })
  })

  describe('tells of a KMS key', () => {
    test('that is not there', async () => {
      await at.keyFile('seven.pem', toPem(7n))
      const { code, stderr } = await at.importKey([
        ...['--key-id', 'alias/none', '--pem', 'seven.pem'],
      ])
      expect(code).toBe(1)
      expect(stderr).toContain(
        'DescribeKey: An error occurred (NotFoundException)',
      )
      expect(stderr).toContain('docs/guides/import-by-hand.md')
      expect(stderr).toContain('Nothing was changed in KMS.')
    })

    test('whose material KMS made, and one disabled', async () => {
      await at.keyFile('seven.pem', toPem(7n))
      const own = await at.createKey('AWS_KMS')
      const args = ['--pem', 'seven.pem', '--key-id']
      expect((await at.importKey([...args, own])).stderr).toContain(
        "The key's origin is AWS_KMS",
      )
      const external = await at.createKey('EXTERNAL')
      const first = await at.importKey([...args, external])
      expect(first.code, first.stderr).toBe(0)
      await at.kms.send(new DisableKeyCommand({ KeyId: external }))
      expect((await at.importKey([...args, external])).stderr).toContain(
        'The KMS key is disabled. Run aws kms enable-key',
      )
      await at.kms.send(new ScheduleKeyDeletionCommand({ KeyId: external }))
      expect((await at.importKey([...args, external])).stderr).toContain(
        'The KMS key is scheduled for deletion. Run aws kms cancel-key-deletion',
      )
    })
  })

  describe('goes on', () => {
    // What KMS has done by then is the same as when the script dies before the
    // next call.
    test.each([
      'import-key-material',
      'describe-key',
      'get-parameters-for-import',
    ])('after kill -9 at %s', async (call) => {
      const key = await at.newKey(`kill-${call}.pem`)
      const kmsKey = await at.createKey('EXTERNAL')
      const watched = await at.watch(`kill-${call}-bin`, {
        after: `[[ $args != *${call}* ]] || kill -9 $PPID`,
      })
      const args = ['--key-id', kmsKey, '--pem', key.file]
      expect((await at.importKey(args, watched)).code).toBe(null)
      const left = await watched.left()
      expect(left).toHaveLength(1)
      await rm(join(memory, left[0] ?? ''), { recursive: true })
      const { code, stdout, stderr } = await at.importKey(args)
      expect(code, stderr).toBe(0)
      expect(stdout).toContain(key.address)
    })

    test('after SIGTERM while KMS is slow, having told how', async () => {
      const key = await at.newKey('term.pem')
      const kmsKey = await at.createKey('EXTERNAL')
      const watched = await at.watch('term-bin', {
        before:
          '[[ $args != *import-key-material* ]] || { kill -TERM $PPID; sleep 60; }',
      })
      const start = Date.now()
      const args = ['--key-id', kmsKey, '--pem', key.file]
      const { code, stderr } = await at.importKey(args, watched)
      expect(code).toBe(143)
      expect(Date.now() - start).toBeLessThan(45_000)
      expect(stderr).toContain(
        `The material may or may not be in ${kmsKey}.\n` +
          `To continue: import-key.sh --key-id ${kmsKey} --pem term.pem\n`,
      )
      expect(await watched.left()).toEqual([])
      expect((await at.importKey(args)).code).toBe(0)
    })

    test('with the key that an alias names already, and makes no second one', async () => {
      const key = await at.newKey('alias.pem')
      const watched = await at.watch('alias-bin', {
        after: '[[ $args != *create-alias* ]] || kill -9 $PPID',
      })
      const args = ['--create', 'twice', '--pem', key.file]
      expect((await at.importKey(args, watched)).code).toBe(null)
      for (const name of await watched.left())
        await rm(join(memory, name), { recursive: true })
      const { code, stderr } = await at.importKey(args)
      expect(code, stderr).toBe(0)
      expect(stderr).toContain('alias/twice exists: using its key.')
      expect(stderr).not.toContain('Created')
    })
  })

  describe('goes to KMS only', () => {
    test.each([
      'https://kms.eu-central-1.amazonaws.com',
      'https://kms-fips.us-gov-west-1.amazonaws.com',
      'https://kms.cn-north-1.amazonaws.com.cn',
      'https://vpce-0a1b-2c3d.kms.us-east-1.vpce.amazonaws.com',
      'https://kms.us-east-1.api.aws',
    ])('as %s', async (url) => {
      await at.keyFile('seven.pem', toPem(7n))
      const { stderr } = await at.importKey([
        ...['--key-id', 'x', '--pem', 'seven.pem', '--endpoint-url', url],
        ...['--expect-address', `0x${'0'.repeat(40)}`],
      ])
      expect(stderr).toContain(
        'The private key does not belong to the expected address',
      )
    })

    test('or where it is told twice, and asks before it imports', async () => {
      const { url, file, close } = await startTlsProxy(
        at.folder,
        at.home.ready.endpoint,
      )
      const key = await at.newKey('asked.pem')
      const external = await at.createKey('EXTERNAL')
      const args = [
        ...['--key-id', external, '--pem', key.file, '--endpoint-url', url],
        ...['--endpoint-host', '127.0.0.1'],
      ]
      const tls = { ...at.env, AWS_CA_BUNDLE: file }
      const alone = await at.importKey(args, { env: tls })
      expect(alone.code).toBe(1)
      expect(alone.stderr).toContain(
        'no terminal to ask on. To confirm, pass --yes.',
      )
      const asked = `Import this key into ${external}`
      const no = await runInTerminal(
        ['bash', script, ...args],
        [[new RegExp(asked), 'y']],
        { env: tls, cwd: at.folder },
      )
      expect(no.code).toBe(1)
      expect(no.shown).toContain('Target            AWS 000000000000 us-east-1')
      expect(no.shown).toContain('Nothing was done.')
      const { KeyMetadata } = await at.kms.send(
        new DescribeKeyCommand({ KeyId: external }),
      )
      expect(KeyMetadata?.KeyState).toBe('PendingImport')
      const yes = await runInTerminal(
        ['bash', script, ...args],
        [[new RegExp(asked), 'yes']],
        { env: tls, cwd: at.folder },
      )
      expect(yes.code, yes.shown).toBe(0)
      await close()
    })
  })

  describe('is used', () => {
    test('with --help, which shows examples', async () => {
      const { code, stdout } = await at.importKey(['--help'])
      expect(code).toBe(0)
      expect(stdout).toContain('Examples:\n')
      expect(
        Math.max(...stdout.split('\n').map((line) => line.length)),
      ).toBeLessThanOrEqual(80)
    })
  })
})
