import { access, link, open, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  DescribeKeyCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms'
import { encryptKeystoreJson, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReadPrivateKey } from '../../packages/keyfile/src/readPrivateKey.js'
import type { Io } from '../../packages/toolkit/src/Io.js'
import { planBackup } from '../../packages/toolkit/src/import/planBackup.js'
import {
  type ImportHome,
  newTestKey,
  openImportHome,
  type TestKey,
} from '../support/importHome.js'
import { quickenEthers } from '../support/quickenEthers.js'
import type { Ran } from '../support/runCli.js'
import { soak } from '../support/tools.js'

quickenEthers()
const password = 'correct horse battery'
let at: ImportHome
beforeAll(async () => {
  at = await openImportHome()
})
afterAll(() => at.close())

/** With the password on the descriptor that takes the place of `fd`. */
async function cli(args: readonly string[], given = password): Promise<Ran> {
  const path = join(at.folder, 'password')
  await writeFile(path, `${given}\n`)
  const file = await open(path)
  try {
    return await at.here(args.map((arg) => (arg === fd ? `${file.fd}` : arg)))
  } finally {
    await file.close()
  }
}
const fd = '<descriptor>'
/** By ethers, weak and quick. */
const keystoreOf = ({ address, hex }: TestKey) =>
  encryptKeystoreJson({ address, privateKey: `0x${hex}` }, password, {
    scrypt: { N: 1024, r: 8, p: 1 },
  })
const isThere = (name: string) =>
  access(join(at.folder, name)).then(
    () => true,
    () => false,
  )

/** A key, its file, and the arguments that import it, and with a backup. */
async function prepare(name: string) {
  const key = newTestKey()
  const path = await at.keyFile(key.sec1)
  const arn = await at.createKey()
  const imports = [
    ...['key', 'import', '--in', path, '--key', arn],
    ...['--wrapping-key', 'rsa-2048', '--json'],
  ]
  const args = [...imports, ...['--backup', name, '--backup-password-fd', fd]]
  return { key, path, arn, imports, args }
}
const stateOf = async (KeyId: string) =>
  (await at.operator.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata
    ?.KeyState

describe('--backup', () => {
  test('writes a keystore that ethers opens, before anything is sent', async () => {
    const { key, args, arn } = await prepare('a.json')
    const ran = await cli(args)
    expect(ran.code, ran.stderr).toBe(0)
    expect(ran.stderr.indexOf('Wrote the backup')).toBeLessThan(
      ran.stderr.indexOf('Asking KMS'),
    )
    const file = join(at.folder, 'a.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const wallet = await Wallet.fromEncryptedJson(
      await readFile(file, 'utf8'),
      password,
    )
    expect([wallet.address, wallet.privateKey]).toEqual([
      key.address,
      `0x${key.hex}`,
    ])
    expect(await stateOf(arn)).toBe('Enabled')
    // Again, with a quicker one: it is the same key's, and is taken.
    await writeFile(file, await keystoreOf(key))
    const again = await cli(args)
    expect(again.code).toBe(0)
    expect(again.stderr).toContain('already exists and contains this key.')
  })

  test.each([
    ['another password', async () => {}, 'other password', 'wrong-password'],
    [
      'another key',
      async (path: string) => writeFile(path, await keystoreOf(newTestKey())),
      password,
      'backup',
    ],
    [
      'a key that no password protects',
      (path: string, key: TestKey) => writeFile(path, key.sec1),
      password,
      'backup',
    ],
    [
      'something else',
      (path: string) => writeFile(path, '{"no":"key"}'),
      password,
      'invalid-key-file',
    ],
  ])(
    'a file that is there with %s stays, and nothing is sent',
    async (what, put, given, code) => {
      const name = `there ${what}.json`
      const { key, args, arn } = await prepare(name)
      const file = join(at.folder, name)
      await writeFile(file, await keystoreOf(key))
      await put(file, key)
      const before = await readFile(file)
      const ran = await cli(args, given)
      expect(ran.code).toBe(1)
      expect(ran.stderr).toContain(`See docs/errors/${code}.md`)
      expect(await readFile(file)).toEqual(before)
      expect(await stateOf(arn)).toBe('PendingImport')
    },
  )

  test('an empty password, or no place: nothing is sent', async () => {
    const { args, arn } = await prepare('no/such/folder/b.json')
    expect(await cli(args)).toMatchObject({ code: 2 })
    const empty = await prepare('empty.json')
    expect(await cli(empty.args, '')).toMatchObject({ code: 1 })
    expect(await isThere('empty.json')).toBe(false)
    for (const each of [arn, empty.arn])
      expect(await stateOf(each)).toBe('PendingImport')
  })
})

describe('on AWS', () => {
  const io = { env: {}, notify() {} } as unknown as Io
  const target = {
    kind: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
  } as const
  const source = (encrypted: boolean) => ({ encrypted }) as ReadPrivateKey
  const plan = (encrypted: boolean, flags: object) =>
    planBackup(io, target, source(encrypted), {
      ...{ backup: undefined, backupPasswordFd: undefined, shred: false },
      ...flags,
    }).then(
      () => 'settled',
      (error: Error & { shortMessage?: string }) => error.shortMessage,
    )

  test('it has to be said what stays of a key outside KMS', async () => {
    const none = 'The key has no password-protected backup.'
    const gone = 'The only known copy of the key would be shredded.'
    expect({
      plain: await plan(false, {}),
      encrypted: await plan(true, {}),
      'encrypted, shredded': await plan(true, { shred: true }),
      'plain, shredded': await plan(false, { shred: true }),
      'there is one': await plan(false, { backup: false, shred: true }),
    }).toEqual({
      plain: none,
      encrypted: 'settled',
      'encrypted, shredded': gone,
      'plain, shredded': gone,
      'there is one': 'settled',
    })
  })
})

describe('--shred', () => {
  test('takes the key file away when all is done', async () => {
    const { imports, path } = await prepare('c.json')
    const ran = await at.here([...imports, '--shred'])
    expect([ran.code, JSON.parse(ran.stdout).shredded]).toEqual([0, true])
    await expect(access(path)).rejects.toThrow()
  })

  test('not in a dry run, and not when the import fails', async () => {
    const { key, path } = await prepare('d.json')
    const args = ['key', 'import', '--in', path, '--shred', '--key']
    const dry = await at.here([...args, await at.createKey(), '--dry-run'])
    expect(dry.code).toBe(0)
    const failed = await at.here([
      ...args,
      await at.createKey({ Origin: 'AWS_KMS' }),
    ])
    expect(failed.code).toBe(1)
    expect(await readFile(path, 'utf8')).toBe(key.sec1)
  })

  test('a file with a second name stays, and the exit code says so', async () => {
    const { imports, path, arn } = await prepare('e.json')
    await link(path, join(at.folder, 'second name.pem'))
    const ran = await at.here([...imports, '--shred'])
    expect([ran.code, JSON.parse(ran.stdout).shredded]).toEqual([1, false])
    expect(ran.stderr).toContain('hard links')
    expect(await stateOf(arn)).toBe('Enabled')
  })

  test('what came by standard input is in no file', async () => {
    const ran = await at.here(
      [
        ...['key', 'import', '--in', '-', '--shred'],
        ...['--key', await at.createKey()],
      ],
      { input: newTestKey().hex },
    )
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toContain('--shred needs --in with a file.')
  })
})

describe('the drill', () => {
  const drill = (name: string, ...more: string[]) => [
    ...['key', 'drill', '--in', name, '--password-fd', fd],
    ...['--wrapping-key', 'rsa-2048', '--json', ...more],
  ]

  async function weakKeystore(name: string) {
    const key = newTestKey()
    await writeFile(join(at.folder, name), await keystoreOf(key))
    return { key }
  }

  test('restores, compares, signs, and takes the second key away', async () => {
    const { key, args, arn } = await prepare('f.json')
    // Of its own backup, at geth's cost, in soak and in docs/guides/import.md.
    if (!soak) await writeFile(join(at.folder, 'f.json'), await keystoreOf(key))
    await cli(args)
    const ran = await cli(drill('f.json', '--key', arn))
    expect(ran.code, ran.stderr).toBe(0)
    const answer = JSON.parse(ran.stdout)
    expect(answer).toEqual({
      address: key.address,
      keyArn: expect.stringMatching(/^arn:aws:kms:/),
      challengeSigned: true,
      deletionDate: expect.stringMatching(/^20\d\d-/),
    })
    const second = await at.operator.send(
      new DescribeKeyCommand({ KeyId: answer.keyArn }),
    )
    expect(second.KeyMetadata).toMatchObject({
      KeyState: 'PendingDeletion',
      Description: `Restore drill for ${key.address}, to be deleted`,
    })
    // Saved, it would have nothing to sign with.
    expect(second.KeyMetadata?.ExpirationModel).toBeUndefined()
    const { Tags } = await at.operator.send(
      new ListResourceTagsCommand({ KeyId: answer.keyArn }),
    )
    expect(Tags).toEqual([{ TagKey: 'keyward:drill', TagValue: key.address }])
    expect(await stateOf(arn)).toBe('Enabled')
    const shown = await cli(
      drill('f.json', '--key', arn).filter((each) => each !== '--json'),
    )
    expect(shown.stdout).toMatch(/^will be deleted +on 20\d\d-\d\d-\d\d$/m)
  })

  test('goes on with what a drill that was cut off left', async () => {
    const { key } = await weakKeystore('g.json')
    const left = await at.createKey({
      Tags: [{ TagKey: 'keyward:drill', TagValue: key.address }],
    })
    const ran = await cli(drill('g.json'))
    expect(JSON.parse(ran.stdout)).toMatchObject({ keyArn: left })
    expect(await stateOf(left)).toBe('PendingDeletion')
  })

  test('of another key: refused before a key is made', async () => {
    await weakKeystore('h.json')
    const other = await at.createKey({ Origin: 'AWS_KMS' })
    const count = async () =>
      (await at.operator.send(new ListKeysCommand({}))).Keys?.length
    const before = await count()
    const ran = await cli(drill('h.json', '--key', other))
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(`The backup is not for the key ${other}.`)
    const wrong = await cli(drill('h.json'), 'wrong password')
    expect(wrong.stderr).toContain('See docs/errors/wrong-password.md')
    expect(await count()).toBe(before)
  })
})
