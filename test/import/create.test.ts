import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createImportKey } from '../../packages/toolkit/src/import/createImportKey.js'
import {
  type ImportHome,
  newTestKey,
  openImportHome,
} from '../support/importHome.js'

const account = '000000000000'
const limited = (name: string) => `arn:aws:iam::${account}:user/without-${name}`
const all = { Effect: 'Allow', Action: '*', Resource: '*' }

let at: ImportHome
beforeAll(async () => {
  // Who may do everything but one thing; the file is read at the start.
  const first = await openImportHome()
  const dataDir = join(first.folder, 'home')
  await first.home.close()
  await writeFile(
    join(dataDir, 'principals.json'),
    JSON.stringify(
      Object.fromEntries(
        ['ListKeys', 'CreateKey', 'TagResource', 'CreateAlias'].map((name) => [
          limited(name),
          [
            {
              Version: '2012-10-17',
              Statement: [
                all,
                { Effect: 'Deny', Action: `kms:${name}`, Resource: '*' },
              ],
            },
          ],
        ]),
      ),
    ),
    { mode: 0o600 },
  )
  first.operator.destroy()
  at = await openImportHome({ dataDir })
})
afterAll(() => at.close())

const create = (path: string, receipt: string, ...more: string[]) => [
  ...['key', 'import', '--in', path, '--create', '--json'],
  ...['--wrapping-key', 'rsa-2048'],
  ...['--receipt', join(at.folder, receipt), ...more],
]
const countKeys = async () =>
  (await at.operator.send(new ListKeysCommand({}))).Keys?.length ?? 0
const receipt = (() => {
  let count = 0
  return () => `r${count++}.json`
})()

test('a key of its own: strict policy, tag and name, and once only', async () => {
  const key = newTestKey()
  const path = await at.keyFile(key.sec1)
  const before = await countKeys()
  const args = create(path, receipt(), '--alias', 'own')
  const ran = await at.here(args)
  expect(ran.code, ran.stderr).toBe(0)
  const { keyArn, address } = JSON.parse(ran.stdout)
  expect(address).toBe(key.address)
  const tags = await at.operator.send(
    new ListResourceTagsCommand({ KeyId: keyArn }),
  )
  expect(tags.Tags).toEqual([
    { TagKey: 'keyward:address', TagValue: key.address },
  ])
  const { KeyMetadata } = await at.operator.send(
    new DescribeKeyCommand({ KeyId: keyArn }),
  )
  expect(KeyMetadata).toMatchObject({
    Origin: 'EXTERNAL',
    KeyState: 'Enabled',
    Description: `Ethereum account ${key.address}, imported`,
  })
  const { Policy = '' } = await at.operator.send(
    new GetKeyPolicyCommand({ KeyId: keyArn }),
  )
  const sids = JSON.parse(Policy).Statement.map(
    ({ Sid }: { Sid: string }) => Sid,
  )
  for (const sid of ['OnlyUsersSign', 'OnlyImportersImport', 'NoGrants'])
    expect(sids).toContain(sid)
  const again = await at.here(args)
  expect(JSON.parse(again.stdout)).toMatchObject({ keyArn, imported: false })
  expect(again.stderr).toContain(`Found ${keyArn}, which was created for this`)
  expect(await countKeys()).toBe(before + 1)
  const aliases = await at.operator.send(
    new ListAliasesCommand({ KeyId: keyArn }),
  )
  expect(aliases.Aliases?.map(({ AliasName }) => AliasName)).toEqual([
    'alias/own',
  ])
})

test('two at the same time end with one key', async () => {
  const key = newTestKey()
  const path = await at.keyFile(key.sec1)
  const both = await Promise.all(
    [receipt(), receipt()].map((file) => at.cli(create(path, file))),
  )
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  const [a, b] = both.map(({ stdout }) => JSON.parse(stdout))
  expect(a.keyArn).toBe(b.keyArn)
})

test('another run that was first is followed, and ours is named', async () => {
  const { address } = newTestKey()
  const Tags = [{ TagKey: 'keyward:address', TagValue: address }]
  const said: string[] = []
  const ceremony = {
    client: at.operator,
    target: { kind: 'local', endpoint: at.home.endpoint },
    say: (text: string) => said.push(text),
  } as const
  let older = ''
  let ours = ''
  const chosen = await createImportKey(ceremony, address, async () => {
    older = await at.createKey({ Tags })
    await new Promise((resolve) => setTimeout(resolve, 5))
    ours = await at.createKey({ Tags })
    return ours
  })
  expect(chosen.arn).toBe(older)
  expect(said).toContain(
    `Another run created ${older} earlier, and that key is used. ${ours} is not needed. To delete it:\n  keyward key schedule-deletion ${ours}`,
  )
})

test('a key whose making was not answered is found', async () => {
  const { address } = newTestKey()
  const Tags = [{ TagKey: 'keyward:address', TagValue: address }]
  const ceremony = {
    client: at.operator,
    target: { kind: 'local', endpoint: at.home.endpoint },
    say() {},
  } as const
  let made = ''
  const chosen = await createImportKey(ceremony, address, async () => {
    made = await at.createKey({ Tags })
    throw new Error('socket hang up')
  })
  expect(chosen.arn).toBe(made)
  const nothing = createImportKey(ceremony, newTestKey().address, async () => {
    throw new Error('socket hang up')
  })
  await expect(nothing).rejects.toThrow('socket hang up')
})

describe('no key is made', () => {
  const cases: [
    string,
    { flags?: string[]; as?: string; code?: number; text: RegExp },
  ][] = [
    [
      'when the keys can not be looked through',
      {
        as: limited('ListKeys'),
        text: /did not list the keys: you need kms:ListKeys\.\n[\s\S]*a second key could be created/,
      },
    ],
    [
      'without kms:CreateKey',
      {
        as: limited('CreateKey'),
        text: /did not create a key: you need kms:CreateKey, and kms:TagResource for its tag\./,
      },
    ],
    [
      'when the name is taken',
      { flags: ['--alias', 'own'], text: /alias\/own is already taken/ },
    ],
    [
      'when the caller could not import into it',
      {
        flags: ['--importer', `arn:aws:iam::${account}:role/somebody`],
        text: /You would not be able to import into the new key\.[\s\S]*--importer arn:aws:iam::000000000000:user\/operator/,
      },
    ],
    [
      'when the caller could not look after it',
      {
        flags: ['--admin', `arn:aws:iam::${account}:role/somebody`],
        text: /You would not be able to administer the new key/,
      },
    ],
    [
      'for a role that signs and administers',
      {
        flags: ['--user', `arn:aws:iam::${account}:user/operator`],
        text: /user\/operator/,
      },
    ],
    [
      'when one is named',
      { flags: ['--key', 'alias/x'], code: 2, text: /cannot be used with/ },
    ],
    [
      'in a dry run',
      {
        flags: ['--dry-run'],
        code: 0,
        text: /Would create a key and import the private key into the new key/,
      },
    ],
  ]
  test.each(cases)('%s', async (_, { flags = [], as, code = 1, text }) => {
    const path = await at.keyFile(newTestKey().sec1)
    const before = await countKeys()
    // Only the process itself has the exit code of wrong use.
    const args = create(path, receipt(), ...flags)
    const ran = code === 2 ? await at.cli(args) : await at.here(args, { as })
    expect(ran.code, ran.stderr).toBe(code)
    expect(ran.stderr).toMatch(text)
    expect(await countKeys()).toBe(before)
  })

  test('for flags that go with --create alone', async () => {
    const path = await at.keyFile(newTestKey().sec1)
    for (const flags of [
      ['--alias', 'x'],
      ['--user', 'arn:aws:iam::000000000000:role/x'],
    ]) {
      const args = ['key', 'import', '--in', path, '--key', 'alias/own']
      const ran = await at.cli([...args, ...flags])
      expect(ran.code).toBe(2)
      expect(ran.stderr).toContain('need --create')
    }
  })

  test('when the one that was made is to be deleted', async () => {
    const key = newTestKey()
    const path = await at.keyFile(key.sec1)
    const KeyId = await at.createKey({
      Tags: [{ TagKey: 'keyward:address', TagValue: key.address }],
    })
    await at.operator.send(new ScheduleKeyDeletionCommand({ KeyId }))
    const before = await countKeys()
    const ran = await at.here(create(path, receipt()))
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      `To continue with it, run keyward key cancel-deletion ${KeyId}.`,
    )
    expect(await countKeys()).toBe(before)
  })
})

test('without kms:CreateAlias all but the name is done, and then that', async () => {
  const key = newTestKey()
  const path = await at.keyFile(key.sec1)
  const you = limited('CreateAlias')
  const operator = `arn:aws:iam::${account}:user/operator`
  const args = create(path, receipt(), '--alias', 'late')
  const roles = ['--admin', you, operator, '--importer', you, operator]
  const ran = await at.here([...args, ...roles], { as: you })
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain(
    'did not give the key the alias alias/late: you need',
  )
  expect(ran.stderr).toContain('Everything else is done')
  const named = await at.here([...args, ...roles])
  expect(named.code, named.stderr).toBe(0)
  expect((await at.here(['key', 'address', 'alias/late'])).stdout).toBe(
    `${key.address}\n`,
  )
})
