import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms'
import { Message, SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { verifyMessage } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ImportHome,
  newTestKey,
  openImportHome,
} from '../support/importHome.js'
import { soak } from '../support/tools.js'

let at: ImportHome
beforeAll(async () => {
  at = await openImportHome()
})
afterAll(() => at.close())

const quick = ['--wrapping-key', 'rsa-2048']
const importArgs = (path: string, key: string, ...more: string[]) => [
  ...['key', 'import', '--in', path, '--key', key],
  ...(more.includes('--wrapping-key') ? more : [...quick, ...more]),
]
const describeKey = async (KeyId: string) =>
  (await at.operator.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata
const receipts = async () =>
  (await readdir(at.folder)).filter((name) => name.includes('receipt'))

// The larger ones take long to make, and are no different.
const specs = ['rsa-2048', ...(soak ? ['rsa-3072', 'rsa-4096'] : [])]
describe.each(specs)('%s', (spec) => {
  test.each([
    ['rsa-aes-kwp', 'RSA_AES_KEY_WRAP_SHA_256'],
    ['oaep', 'RSAES_OAEP_SHA_256'],
  ])('%s: KMS signs for the account of the key file', async (flag, name) => {
    const key = newTestKey()
    const arn = await at.createKey()
    const path = await at.keyFile(key.sec1)
    const keySpec = spec.toUpperCase().replace('-', '_')
    // As a process of its own, as people run it.
    const ran = await at.cli(
      importArgs(
        path,
        arn,
        '--wrapping',
        flag,
        '--wrapping-key',
        spec,
        '--json',
      ),
    )
    expect([
      ran.code,
      ran.stderr.replace(/\n {2}still waiting.*/g, ''),
    ]).toEqual([
      0,
      `local home ${at.home.endpoint}
Warning: The local home stores its keys on this disk, unprotected. Import only test keys here.
The private key (sec1) belongs to ${key.address}.
Asking KMS for a wrapping key (${keySpec}).
Imported the private key, wrapped with ${name} under ${keySpec}.
KMS returns the public key of ${key.address}: the right key was imported.
The key signed the challenge, and the signature belongs to the account.
If ${key.address} has sent transactions before, deploy the sending stack with keyward deploy --new-ledger, or with --existing-ledger if an earlier stack sent them.
`,
    ])
    const answer = JSON.parse(ran.stdout)
    const keyId = arn.slice(arn.lastIndexOf('/') + 1)
    const receipt = {
      kind: 'keyward-import-receipt',
      version: 1,
      keyArn: arn,
      address: key.address,
      checkedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      importedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      wrapping: { algorithm: name, keySpec },
      validTo: null,
      challengeSigned: true,
      keyward: expect.any(String),
    }
    const file = `keyward-receipt-${keyId}.json`
    expect(answer).toEqual({
      keyArn: arn,
      address: key.address,
      imported: true,
      receipt: { ...receipt, path: file },
    })
    const saved = join(at.folder, file)
    expect(JSON.parse(await readFile(saved, 'utf8'))).toEqual(receipt)
    expect((await stat(saved)).mode & 0o777).toBe(0o600)
    const signing = await SigningKey.connect({
      service: fromSdk(at.operator),
      keyId: arn,
    })
    const signature = await Message.sign(signing, 'hello')
    expect(verifyMessage('hello', signature)).toBe(key.address)
  })
})

test('again: nothing is imported, nothing is written over', async () => {
  const key = newTestKey()
  const arn = await at.createKey()
  const path = await at.keyFile(key.sec1)
  expect(await at.here(importArgs(path, arn))).toMatchObject({ code: 0 })
  const before = await receipts()
  const sent = at.home.stats().operations['kms:ImportKeyMaterial']
  const again = await at.here(importArgs(path, arn, '--json'))
  expect(again.stderr).toContain(
    'already has this private key, so nothing is imported.',
  )
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([
    0,
    { imported: false, receipt: { importedAt: null, wrapping: null } },
  ])
  expect(await receipts()).toEqual(before)
  expect(at.home.stats().operations['kms:ImportKeyMaterial']).toBe(sent)
})

test('a dry run reads and checks everything and changes nothing', async () => {
  const key = newTestKey()
  const arn = await at.createKey()
  const path = await at.keyFile(key.sec1)
  const before = await receipts()
  const ran = await at.here(importArgs(path, arn, '--dry-run', '--json'))
  expect([ran.code, JSON.parse(ran.stdout)]).toEqual([
    0,
    { keyArn: arn, address: key.address, imported: false, receipt: null },
  ])
  expect(ran.stderr).toContain(
    `Would import the private key into ${arn}, wrapped with RSA_AES_KEY_WRAP_SHA_256 under RSA_2048.`,
  )
  expect(await describeKey(arn)).toMatchObject({ KeyState: 'PendingImport' })
  expect(await receipts()).toEqual(before)
})

test('an expiry, and another one by reimport; key show tells both', async () => {
  const key = newTestKey()
  const arn = await at.createKey()
  const path = await at.keyFile(key.sec1)
  const day = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  await at.here(importArgs(path, arn, '--valid-to', day(100)))
  expect(await describeKey(arn)).toMatchObject({
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo: new Date(day(100)),
  })
  const reimport = ['key', 'reimport', '--in', path, '--key', arn, ...quick]
  const soon = await at.here([...reimport, '--valid-to', day(9)])
  expect(soon.code).toBe(0)
  expect(await describeKey(arn)).toMatchObject({ ValidTo: new Date(day(9)) })
  const shown = await at.here(['key', 'show', arn, '--json'])
  expect(JSON.parse(shown.stdout)).toMatchObject({
    address: key.address,
    validTo: new Date(day(9)).toISOString(),
  })
  expect(shown.stderr).toMatch(
    /\nWarning: the key material expires in [89] days, .*keyward key reimport/,
  )
  await at.here(reimport)
  expect(await describeKey(arn)).toMatchObject({
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  })
  expect((await at.here(['key', 'show', arn])).stderr).not.toContain('expires')
})

describe('refused before anything is sent', () => {
  const cases: [
    string,
    {
      make(): Promise<string>
      flags?: (address: string) => string[]
      code: string
      text: RegExp
    },
  ][] = [
    [
      'a key that KMS made',
      {
        make: () => at.createKey({ Origin: 'AWS_KMS' }),
        code: 'key-not-importable',
        text: /can't import key material: its origin is AWS_KMS/,
      },
    ],
    [
      'a key that does not exist',
      {
        make: async () => '1234abcd-12ab-34cd-56ef-1234567890ab',
        code: 'import-failed',
        text: /KMS did not describe the key: it returned NotFoundException/,
      },
    ],
    [
      'another address than expected',
      {
        make: () => at.createKey(),
        flags: () => ['--expect-address', newTestKey().address],
        code: 'unexpected-address',
        text: /The private key belongs to 0x\w{40}, not to 0x\w{40}\./,
      },
    ],
    [
      'a key that is to be deleted',
      {
        make: async () => {
          const KeyId = await at.createKey()
          await at.operator.send(new ScheduleKeyDeletionCommand({ KeyId }))
          return KeyId
        },
        code: 'key-not-importable',
        text: /is PendingDeletion\.[\s\S]*keyward key cancel-deletion arn:/,
      },
    ],
    [
      'a key of another account',
      {
        make: async () => {
          const arn = await at.createKey()
          const path = await at.keyFile(newTestKey().sec1)
          await at.here(importArgs(path, arn))
          return arn
        },
        code: 'key-not-importable',
        text: /belongs to another account\./,
      },
    ],
    [
      'a disabled key',
      {
        make: async () => {
          const arn = await at.createKey()
          const path = await at.keyFile(newTestKey().sec1)
          await at.here(importArgs(path, arn))
          await at.operator.send(new DisableKeyCommand({ KeyId: arn }))
          return arn
        },
        code: 'key-not-importable',
        text: /is Disabled\.[\s\S]*aws --endpoint-url "\$AWS_ENDPOINT_URL" kms enable-key/,
      },
    ],
    [
      'a key that is tagged for another account',
      {
        make: async () => {
          const KeyId = await at.createKey()
          const TagValue = newTestKey().address
          const Tags = [{ TagKey: 'keyward:address', TagValue }]
          await at.operator.send(new TagResourceCommand({ KeyId, Tags }))
          return KeyId
        },
        code: 'key-not-importable',
        text: /is meant for another account\./,
      },
    ],
    [
      'a receipt that is there already',
      {
        make: () => at.createKey(),
        flags: () => ['--receipt', join(at.folder, 'there.json')],
        code: 'invalid-input',
        text: /there\.json" already exists\./,
      },
    ],
  ]
  test.each(cases)('%s', async (_, { make, flags, code, text }) => {
    await writeFile(join(at.folder, 'there.json'), '{}')
    const key = newTestKey()
    const keyId = await make()
    const path = await at.keyFile(key.sec1)
    const sent = at.home.stats().operations
    const before = await receipts()
    const more = flags?.(key.address) ?? []
    const ran = await at.here(importArgs(path, keyId, ...more))
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toMatch(text)
    // On one line or two, as wide as the terminal is.
    const rest = ran.stderr.slice(ran.stderr.indexOf('\nSee ') + 1)
    expect(rest.replace(/\s+/g, ' ')).toBe(
      `See docs/errors/${code}.md, or run: keyward explain ${code} `,
    )
    const after = at.home.stats().operations
    for (const operation of ['GetParametersForImport', 'ImportKeyMaterial'])
      expect(after[`kms:${operation}`]).toBe(sent[`kms:${operation}`])
    expect(await receipts()).toEqual(before)
  })
})

describe('used wrongly', () => {
  test.each([
    [['--valid-to', 'tomorrow'], 'Pass a day such as'],
    [
      ['--valid-to', '2020-01-01'],
      'must be in the future, and at most 365 days from now',
    ],
    [
      ['--valid-to', '2099-01-01'],
      'must be in the future, and at most 365 days from now',
    ],
    [['--valid-to', '2027-02-30'], 'Pass a day such as'],
    [['--wrapping', 'rsaes-pkcs1'], 'Allowed choices are rsa-aes-kwp, oaep'],
    [['--wrapping-key', 'rsa-1024'], 'Allowed choices are rsa-2048'],
    [['--format', 'der'], 'Allowed choices are'],
    [['--password-fd', 'x'], 'Pass a whole number'],
  ])('%j', async (flags, text) => {
    const ran = await at.here(['key', 'import', '--in', 'x', ...flags])
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toContain(text)
  })
})

describe('reimport', () => {
  test('the same key, after deletion', async () => {
    const key = newTestKey()
    const arn = await at.createKey()
    const path = await at.keyFile(key.sec1)
    await at.here(importArgs(path, arn))
    await at.operator.send(new DeleteImportedKeyMaterialCommand({ KeyId: arn }))
    const args = ['key', 'reimport', '--in', path, '--key', arn, ...quick]
    expect(await at.here(args)).toMatchObject({ code: 0 })
    expect(await at.here(['key', 'address', arn])).toMatchObject({
      stdout: `${key.address}\n`,
    })
  })

  test('another key: what KMS answers is explained', async () => {
    const arn = await at.createKey()
    const first = await at.keyFile(newTestKey().sec1)
    await at.here(importArgs(first, arn))
    await at.operator.send(new DeleteImportedKeyMaterialCommand({ KeyId: arn }))
    const other = await at.keyFile(newTestKey().sec1)
    const args = ['key', 'reimport', '--in', other, '--key', arn, ...quick]
    const ran = await at.here(args)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      'KMS did not import the key material: it returned IncorrectKeyMaterialException.',
    )
    expect(ran.stderr).toContain('accepts only its first key material')
    expect(ran.stderr).toContain(`The key ${arn} is now PendingImport.`)
  })
})

test('no key was made by any of it', async () => {
  const { Keys = [] } = await at.operator.send(new ListKeysCommand({}))
  expect(Keys).toHaveLength(
    at.home.stats().operations['kms:CreateKey'] ?? Number.NaN,
  )
})
