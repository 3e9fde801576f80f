import { createPrivateKey, randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  type KMSClient,
  type OriginType,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyPolicyDocument } from '../../packages/iam/src/key-policy/index.js'
import { connectKms } from '../support/connectKms.js'
import { toPem } from '../support/keyPem.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { type Ran, root, run } from '../support/runCli.js'
import { runInTerminal } from '../support/runInTerminal.js'
import { startTlsProxy } from '../support/startTlsProxy.js'
import { soak, toolPath, without } from '../support/tools.js'

// scripts/import-key.sh as it is, with Debian's aws and OpenSSL.

const script = join(root, 'scripts', 'import-key.sh')
/** Where the script keeps what AWS sends it. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

describe.skipIf(without('aws') || without('openssl'))('import-key.sh', () => {
  let home: RunningHome
  let folder: string
  let env: Record<string, string>
  let kms: KMSClient
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyward import '))
    home = await startLocalHome({ args: ['--no-chain'] })
    env = {
      ...(await home.env('operator')),
      PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}`,
      HOME: folder,
    }
    kms = connectKms(env)
  })
  afterAll(async () => {
    kms.destroy()
    await home.close()
    await rm(folder, { recursive: true, force: true })
  })

  const importKey = (
    args: string[],
    options: { env?: Record<string, string>; input?: string } = {},
  ): Promise<Ran> =>
    run('bash', [script, ...args], {
      cwd: folder,
      ...options,
      env: { ...env, ...options.env },
    })

  /** Writes a key's PEM, readable by its owner only. */
  async function keyFile(name: string, pem: string): Promise<string> {
    await writeFile(join(folder, name), pem, { mode: 0o600 })
    return name
  }
  async function newKey(name: string) {
    const secret = `0x${randomBytes(32).toString('hex')}` as Hex
    const { address, publicKey } = privateKeyToAccount(secret)
    await keyFile(name, toPem(secret))
    return { secret, address, publicHex: publicKey.slice(4), file: name }
  }
  async function createKey(Origin: OriginType): Promise<string> {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        Origin,
      }),
    )
    return KeyMetadata?.Arn ?? ''
  }

  /**
   * Stands in front of aws and openssl: notes what each call could give away,
   * then runs `before`, the program itself and `after`, which know the call.
   */
  async function watch(
    name: string,
    hooks: { before?: string; after?: string },
  ) {
    const bin = join(folder, name)
    await mkdir(bin)
    for (const tool of ['aws', 'openssl'] as const) {
      const real = toolPath(tool)
      const text = `#!/bin/bash
args="$*"
{ printf '%s\\n' "$args"; env; } >>'${bin}/seen'
if [[ ${tool} == aws ]]; then
  printf %s $PPID >'${bin}/pid'
  folder=$(echo '${memory}'/import-key.$PPID.*)
  cat "$folder"/* >>'${bin}/seen'
  cat "$folder"/* | od -An -v -tx1 | tr -d ' \\n' >>'${bin}/seen'
  stat -c %a "$folder" >>'${bin}/modes'
fi
${tool === 'aws' ? (hooks.before ?? '') : ''}
'${real}' "$@"
code=$?
${tool === 'aws' ? (hooks.after ?? '') : ''}
exit $code
`
      await writeFile(join(bin, tool), text)
      await chmod(join(bin, tool), 0o755)
    }
    return {
      env: { PATH: `${bin}:${env.PATH}` },
      seen: () => readFile(join(bin, 'seen'), 'latin1'),
      modes: () => readFile(join(bin, 'modes'), 'utf8'),
      /** The folders that a run left. */
      async left() {
        const start = `import-key.${await readFile(join(bin, 'pid'), 'utf8')}.`
        return readdirSync(memory).filter((name) => name.startsWith(start))
      },
    }
  }

  test.each([
    ['rsa-oaep', 'RSAES_OAEP_SHA_256', 'RSA_2048'],
    ['rsa-aes', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096'],
  ])(
    'imports by %s, shows nothing secret, and leaves nothing',
    async (wrapping, algorithm, spec) => {
      const key = await newKey(`${wrapping}.pem`)
      const watched = await watch(`watch-${wrapping}`, {})
      const { code, stdout, stderr } = await importKey(
        [
          ...['--create', `alias/${wrapping}`, '--pem', key.file],
          ...['--wrapping', wrapping, '--expect-address', key.address],
        ],
        watched,
      )
      const { KeyMetadata } = await kms.send(
        new DescribeKeyCommand({ KeyId: `alias/${wrapping}` }),
      )
      const arn = KeyMetadata?.Arn
      expect({ code, stdout }, stderr).toEqual({
        code: 0,
        stdout: `address     ${key.address}\npublic key  ${key.publicHex}\nkey         ${arn}\n`,
      })
      expect(stderr).toContain(`local home ${home.ready.endpoint}`)
      expect(stderr).toContain(`${spec} for ${algorithm}`)
      expect(stderr).toContain(`shred -u ${key.file}`)
      const seen = await watched.seen()
      expect(seen).toContain('import-key-material')
      for (const form of secretForms(key.secret))
        expect(seen).not.toContain(form)
      expect(new Set((await watched.modes()).trim().split('\n'))).toEqual(
        new Set(['700']),
      )
      expect(await watched.left()).toEqual([])
    },
  )

  test('generates a key on a terminal, keeps it encrypted, and its backup checks', async () => {
    const made = await runInTerminal(
      ['bash', script, '--create', 'made', '--generate', '--out', 'made.pem'],
      [
        [/New password for made\.pem: /, 'correct horse'],
        [/The same again: /, 'correct horse'],
      ],
      { env, cwd: folder },
    )
    expect(made.code, made.shown).toBe(0)
    expect(made.shown).not.toContain('correct horse')
    const pem = await readFile(join(folder, 'made.pem'), 'utf8')
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
      { env, cwd: folder },
    )
    expect(again.code, again.shown).toBe(0)
    expect(again.shown).toContain('nothing to import, only to compare')
    const second = await importKey([
      ...['--key-id', 'alias/made', '--generate', '--no-backup'],
    ])
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('It holds a key already')
    expect(second.stderr).not.toContain('To go on')
    expect(again.shown).toContain(address)
    expect(again.shown).not.toContain('shred')

    const wrong = await runInTerminal(
      ['bash', script, '--key-id', 'alias/made', '--pem', 'made.pem'],
      [[/Password of made\.pem: /, 'correct house']],
      { env, cwd: folder },
    )
    expect(wrong.code).toBe(1)
    expect(wrong.shown).toContain('is the password right?')
  })

  test("needs the importer's permissions of the stack's policy, and no others", async () => {
    const key = await newKey('importer.pem')
    const KeyId = await createKey('EXTERNAL')
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
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }))
    const args = ['--key-id', KeyId, '--pem', key.file]
    const operator = await importKey(args)
    expect(operator.code).toBe(1)
    expect(operator.stderr).toContain('GetParametersForImport: An error')
    expect(operator.stderr).toContain('may not do this with the key.')
    expect(operator.stderr).toContain(`${KeyId} holds no material yet.`)
    const importer = await home.env('importer')
    const { code, stdout, stderr } = await importKey(args, { env: importer })
    expect(code, stderr).toBe(0)
    expect(stdout).toContain(key.address)
  })

  test('passwords come by descriptors too, and short ones are refused', async () => {
    const key = await newKey('descriptor.pem')
    const kmsKey = await createKey('EXTERNAL')
    const line = (password: string, out: string) =>
      `exec bash '${script}' --key-id ${kmsKey} --pem ${key.file} --out ${out} --out-password-fd 7 7< <(echo '${password}')`
    const short = await run('bash', ['-c', line('1234567', 'short.pem')], {
      cwd: folder,
      env,
    })
    expect(short.code).toBe(1)
    expect(short.stderr).toContain('8 characters or more')
    const good = await run('bash', ['-c', line('12345678', 'good.pem')], {
      cwd: folder,
      env,
    })
    expect(good.code, good.stderr).toBe(0)
    expect(
      readdirSync(folder).filter((name) => /^(short|good)/.test(name)),
    ).toEqual(['good.pem'])
  })

  test.each([1, 2, 255, 256])(
    'the address of a key with leading zeros: %i',
    async (number) => {
      const secret = `0x${number.toString(16).padStart(64, '0')}` as Hex
      await keyFile('small.pem', toPem(secret))
      const { stderr } = await refusedBeforeKms('small.pem')
      expect(stderr).toContain(`  ${privateKeyToAccount(secret).address}\n`)
    },
  )

  test("the address of random keys is viem's, in EIP-55's mixed case", async () => {
    for (let count = 0; count < 10; count++) {
      const key = await newKey('random.pem')
      const { stderr } = await refusedBeforeKms(key.file)
      expect(stderr).toContain(`  ${key.address}\n`)
    }
  })

  /** Shows the address, and stops for it is another one than expected. */
  const refusedBeforeKms = (file: string) =>
    importKey([
      ...['--key-id', 'unused', '--pem', file],
      ...['--expect-address', `0x${'0'.repeat(40)}`],
    ])

  describe('refuses a private key', () => {
    const cases: [string, () => string, RegExp][] = [
      ['of zero', () => toPem(0n), /finds this key invalid/],
      [
        'of the order of the curve',
        () =>
          toPem(
            0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
          ),
        /finds this key invalid/,
      ],
      [
        'with another public key',
        () => toPem(2n, privateKeyToAccount(`0x${'11'.repeat(32)}`).publicKey),
        /its public key is another one/,
      ],
      ['that is raw hex', () => '11'.repeat(32), /is not PEM/],
      ['that is too large', () => 'x'.repeat(70_000), /is too large for a key/],
      [
        'that is damaged',
        () => toPem(5n).replace('\nMIGE', '\n????'),
        /can't read bad\.pem as a private key/,
      ],
      ['that is empty', () => '', /is not PEM/],
    ]
    test.each(cases)('%s', async (_, pem, reason) => {
      await keyFile('bad.pem', pem())
      const { code, stdout, stderr } = await importKey([
        ...['--key-id', home.key.arn, '--pem', 'bad.pem'],
      ])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(reason)
      expect(stderr).not.toContain('1111')
    })

    test.each([
      ['prime256v1', 'is not on the curve secp256k1'],
      ['secp256k1', 'Nothing was changed in KMS'],
    ])('of OpenSSL on the curve %s', async (curve, reason) => {
      const { stdout } = await run(toolPath('openssl'), [
        ...['ecparam', '-name', curve, '-genkey', '-param_enc', 'explicit'],
      ])
      const { code, stderr } = await importKey(
        ['--key-id', 'alias/none', '--pem', '-'],
        { input: stdout },
      )
      expect(code).toBe(1)
      expect(stderr).toContain(reason)
    })

    test('and warns when others may read its file', async () => {
      await keyFile('open.pem', toPem(7n))
      await chmod(join(folder, 'open.pem'), 0o644)
      const { stderr } = await refusedBeforeKms('open.pem')
      expect(stderr).toContain('others may read open.pem (mode 644)')
    })
  })

  describe('tells of a KMS key', () => {
    test('that is not there', async () => {
      await keyFile('seven.pem', toPem(7n))
      const { code, stderr } = await importKey([
        ...['--key-id', 'alias/none', '--pem', 'seven.pem'],
      ])
      expect(code).toBe(1)
      expect(stderr).toContain(
        'DescribeKey: An error occurred (NotFoundException)',
      )
      expect(stderr).toContain('docs/guides/import-by-hand.md')
      expect(stderr).toContain('Nothing was changed in KMS.')
    })

    test('whose material KMS made, one disabled, and one of another account', async () => {
      await keyFile('seven.pem', toPem(7n))
      const own = await createKey('AWS_KMS')
      const args = ['--pem', 'seven.pem', '--key-id']
      expect((await importKey([...args, own])).stderr).toContain(
        "That key's origin is AWS_KMS",
      )
      const external = await createKey('EXTERNAL')
      const first = await importKey([...args, external])
      expect(first.code, first.stderr).toBe(0)
      await keyFile('eight.pem', toPem(8n))
      const other = await importKey([
        ...['--pem', 'eight.pem', '--key-id', external],
      ])
      expect(other.code).toBe(1)
      expect(other.stderr).toContain(
        `is another account's: ${privateKeyToAccount(`0x${'7'.padStart(64, '0')}`).address}`,
      )
      expect(other.stderr).not.toContain('To go on')
      await kms.send(new DisableKeyCommand({ KeyId: external }))
      expect((await importKey([...args, external])).stderr).toContain(
        'It is disabled: aws kms enable-key first',
      )
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId: external }))
      expect((await importKey([...args, external])).stderr).toContain(
        'It is to be deleted: aws kms cancel-key-deletion first',
      )
    })
  })

  describe('goes on', () => {
    // What KMS has done by then is the same as when the script dies before the
    // next call.
    test.each([
      'import-key-material',
      ...(soak ? ['describe-key', 'get-parameters-for-import'] : []),
    ])('after kill -9 at %s', async (call) => {
      const key = await newKey(`kill-${call}.pem`)
      const kmsKey = await createKey('EXTERNAL')
      const watched = await watch(`kill-${call}-bin`, {
        after: `[[ $args != *${call}* ]] || kill -9 $PPID`,
      })
      const args = ['--key-id', kmsKey, '--pem', key.file]
      expect((await importKey(args, watched)).code).toBe(null)
      const left = await watched.left()
      expect(left).toHaveLength(1)
      await rm(join(memory, left[0] ?? ''), { recursive: true })
      const { code, stdout, stderr } = await importKey(args)
      expect(code, stderr).toBe(0)
      expect(stdout).toContain(key.address)
    })

    test('after SIGTERM while KMS is slow, having told how', async () => {
      const key = await newKey('term.pem')
      const kmsKey = await createKey('EXTERNAL')
      const watched = await watch('term-bin', {
        before:
          '[[ $args != *import-key-material* ]] || { kill -TERM $PPID; sleep 60; }',
      })
      const start = Date.now()
      const args = ['--key-id', kmsKey, '--pem', key.file]
      const { code, stderr } = await importKey(args, watched)
      expect(code).toBe(143)
      expect(Date.now() - start).toBeLessThan(45_000)
      expect(stderr).toContain(
        `KMS may have taken the material into ${kmsKey} or not.\n` +
          `To go on: import-key.sh --key-id ${kmsKey} --pem term.pem\n`,
      )
      expect(await watched.left()).toEqual([])
      expect((await importKey(args)).code).toBe(0)
    })

    test('with the key that an alias names already, and makes no second one', async () => {
      const key = await newKey('alias.pem')
      const watched = await watch('alias-bin', {
        after: '[[ $args != *create-alias* ]] || kill -9 $PPID',
      })
      const args = ['--create', 'twice', '--pem', key.file]
      expect((await importKey(args, watched)).code).toBe(null)
      for (const name of await watched.left())
        await rm(join(memory, name), { recursive: true })
      const { code, stderr } = await importKey(args)
      expect(code, stderr).toBe(0)
      expect(stderr).toContain('alias/twice is there: its key is taken.')
      expect(stderr).not.toContain('Made')
    })
  })

  describe('goes to KMS only', () => {
    test.each([
      ['http://example.com', 'Plain http to example.com'],
      ['https://example.com', "example.com is not Amazon's KMS"],
      [
        'https://kms.us-east-1.amazonaws.com.example.com',
        "is not Amazon's KMS",
      ],
      [
        'https://abc.execute-api.us-east-1.amazonaws.com',
        "is not Amazon's KMS",
      ],
      ['https://kms.us-east-1.amazonaws.com@example.com', 'an endpoint is'],
      ['ftp://example.com', 'an endpoint is'],
    ])('not to %s', async (url, reason) => {
      await keyFile('seven.pem', toPem(7n))
      const args = ['--key-id', 'x', '--pem', 'seven.pem']
      for (const ran of [
        await importKey([...args, '--endpoint-url', url]),
        await importKey(args, { env: { AWS_ENDPOINT_URL_KMS: url } }),
      ]) {
        expect(ran.code).toBeGreaterThan(0)
        expect(ran.stderr).toContain(reason)
        expect(ran.stderr).not.toContain('Ethereum address')
      }
    })

    test.each([
      'https://kms.eu-central-1.amazonaws.com',
      'https://kms-fips.us-gov-west-1.amazonaws.com',
      'https://kms.cn-north-1.amazonaws.com.cn',
      'https://vpce-0a1b-2c3d.kms.us-east-1.vpce.amazonaws.com',
      'https://kms.us-east-1.api.aws',
    ])('as %s', async (url) => {
      await keyFile('seven.pem', toPem(7n))
      const { stderr } = await importKey([
        ...['--key-id', 'x', '--pem', 'seven.pem', '--endpoint-url', url],
        ...['--expect-address', `0x${'0'.repeat(40)}`],
      ])
      expect(stderr).toContain('which was expected')
    })

    test('or where it is told twice, and asks before it imports', async () => {
      const { url, file, close } = await startTlsProxy(
        folder,
        home.ready.endpoint,
      )
      const key = await newKey('asked.pem')
      const external = await createKey('EXTERNAL')
      const args = [
        ...['--key-id', external, '--pem', key.file, '--endpoint-url', url],
        ...['--endpoint-host', '127.0.0.1'],
      ]
      const tls = { ...env, AWS_CA_BUNDLE: file }
      const alone = await importKey(args, { env: tls })
      expect(alone.code).toBe(1)
      expect(alone.stderr).toContain('no terminal to ask on. --yes says')
      const asked = `Import it into ${external}`
      const no = await runInTerminal(
        ['bash', script, ...args],
        [[new RegExp(asked), 'y']],
        { env: tls, cwd: folder },
      )
      expect(no.code).toBe(1)
      expect(no.shown).toContain('Target            AWS 000000000000 us-east-1')
      expect(no.shown).toContain('Not done.')
      const { KeyMetadata } = await kms.send(
        new DescribeKeyCommand({ KeyId: external }),
      )
      expect(KeyMetadata?.KeyState).toBe('PendingImport')
      const yes = await runInTerminal(
        ['bash', script, ...args],
        [[new RegExp(asked), 'yes']],
        { env: tls, cwd: folder },
      )
      expect(yes.code, yes.shown).toBe(0)
      await close()
    })
  })

  describe('is used', () => {
    test('with --help, which shows examples', async () => {
      const { code, stdout } = await importKey(['--help'])
      expect(code).toBe(0)
      expect(stdout).toContain('Examples:\n')
      expect(
        Math.max(...stdout.split('\n').map((line) => line.length)),
      ).toBeLessThanOrEqual(80)
    })

    const seven = ['--pem', 'seven.pem']
    test.each([
      [[], 'give the private key by --pem FILE'],
      [seven, 'name the KMS key by --key-id KEY'],
      [[...seven, '--key-id', 'a', '--create', 'b'], 'not both'],
      [[...seven, '--generate', '--key-id', 'a'], 'not both'],
      [['--generate', '--key-id', 'a'], '--generate needs --out FILE'],
      [[...seven, '--key-id'], '--key-id needs a value'],
      [[...seven, '--key-id', '--yes'], '--key-id needs a value'],
      [[...seven, '--key-id', 'a', '--yes=no'], '--yes takes no value'],
      [['11'.repeat(32)], 'keys are never arguments'],
      [[`--${'11'.repeat(32)}`], 'there is no --111111111111111111'],
      [
        [...seven, '--key-id', 'a', '--out', 'seven.pem'],
        'exists and is not overwritten',
      ],
      [[...seven, '--key-id', 'a', '--out', 'no/such/x'], "doesn't exist"],
      [[...seven, '--key-id', 'a', '--wrapping', 'none'], '--wrapping is'],
      [
        [...seven, '--key-id', 'a', '--password-fd', '77'],
        'no open descriptor 77',
      ],
      [[...seven, '--key-id', 'a', '--policy', 'p'], '--policy belongs to'],
      [[...seven, '--create', 'a b'], '--create takes an alias'],
      [[...seven, '--key-id', 'a', '--expect-address', '0x1'], '40 hex digits'],
    ])('wrongly: %j', async (args, reason) => {
      await keyFile('seven.pem', toPem(7n))
      const { code, stdout, stderr } = await importKey(args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(reason)
      expect(stderr).not.toContain('11'.repeat(11))
    })
  })
})

/** The ways in which the bytes of a key could appear in text. */
function secretForms(secret: Hex): string[] {
  const bytes = Buffer.from(secret.slice(2), 'hex')
  const pem = toPem(secret).split('\n').slice(1, -2)
  return [
    bytes.toString('hex'),
    bytes.toString('latin1'),
    bytes.toString('base64').slice(0, 40),
    ...pem,
  ]
}
