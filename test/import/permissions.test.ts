import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteImportedKeyMaterialCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type ImportHome,
  newTestKey,
  openImportHome,
} from '../support/importHome.js'
import { synthesize } from '../support/synthesize.js'

// The stack's own EXTERNAL key and the credentials of its importer, who has no
// policy of its own: the key's is all there is.

type Statement = {
  Effect: string
  Principal: { AWS: string | string[] }
  Action: string | string[]
}

const named = (name: string) => [
  `arn:aws:iam::000000000000:role/keyward-dev-${name}`,
]
const key = newTestKey()
let folder: string
let at: ImportHome
let admin: KMSClient
let breakGlass: KMSClient
let arn: string
let path: string
let policy: { Statement: Statement[] }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward importer '))
  const directory = await synthesize(join(folder, 'cdk.out'), {
    stackName: 'keyward-dev',
    network: 'local',
    origin: 'EXTERNAL',
    address: key.address,
    administrators: named('admin'),
    users: named('user'),
    importers: named('importer'),
    breakGlass: named('break-glass'),
  })
  at = await openImportHome({ assembly: { directory } })
  admin = at.client('admin')
  breakGlass = at.client('break-glass')
  arn = at.home.keys()[0]?.arn ?? ''
  path = await at.keyFile(key.sec1)
  const { Policy = '' } = await admin.send(
    new GetKeyPolicyCommand({ KeyId: arn }),
  )
  policy = JSON.parse(Policy)
})
afterAll(async () => {
  admin.destroy()
  breakGlass.destroy()
  await at.close()
  await rm(folder, { recursive: true, force: true })
})

const putPolicy = (document: object) =>
  admin.send(
    new PutKeyPolicyCommand({ KeyId: arn, Policy: JSON.stringify(document) }),
  )
const withoutImporters = (action: string) => ({
  ...policy,
  Statement: policy.Statement.map((statement) =>
    statement.Effect === 'Allow' &&
    [statement.Principal.AWS].flat().join() === named('importer').join()
      ? {
          ...statement,
          Action: [
            // A statement has to keep one; this one is of no use here.
            'kms:GetKeyRotationStatus',
            ...[statement.Action].flat().filter((each) => each !== action),
          ],
        }
      : statement,
  ),
})
beforeEach(async () => {
  await putPolicy(policy)
  await breakGlass.send(new DeleteImportedKeyMaterialCommand({ KeyId: arn }))
})

const importIt = (...more: string[]) =>
  at.here(
    [
      ...['key', 'import', '--in', path, '--key', 'alias/keyward-dev'],
      ...['--expect-address', key.address, '--wrapping-key', 'rsa-2048'],
      ...more,
    ],
    { as: 'importer' },
  )

describe('with exactly the permissions of an importer', () => {
  test('the key is in, and signing is left to who may', async () => {
    const ran = await importIt('--json')
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.stdout)).toMatchObject({
      keyArn: arn,
      address: key.address,
      imported: true,
      receipt: { challengeSigned: false, validTo: null },
    })
    const proof = `keyward key verify --key ${arn} --address ${key.address} --challenge`
    expect(ran.stderr).toContain(
      `You are not allowed to sign with the key (kms:Sign). To prove that it signs, a user of the key can run:\n  ${proof}\nOnly a stack's functions sign with the stack's key; there, compare the function:\n  keyward key verify --function <stack>-eip1559-signer --address ${key.address}\n`,
    )
    // What it says is what works.
    const words = proof.split(' ').slice(1)
    expect(await at.here(words, { as: 'user' })).toMatchObject({ code: 0 })
    expect((await at.here(words, { as: 'importer' })).stdout).toContain(
      'NOT PROVEN',
    )
    const status = ['--function', 'keyward-dev-eip1559-signer']
    const args = ['key', 'verify', '--key', arn, '--in', path, ...status]
    expect(await at.here(args, { as: 'user' })).toMatchObject({ code: 0 })
  })

  test('again, and by oaep', async () => {
    for (const flag of ['rsa-aes-kwp', 'oaep'])
      expect(await importIt('--wrapping', flag)).toMatchObject({ code: 0 })
  })

  test('an expiry is refused, as the policy says, and explained', async () => {
    const validTo = new Date(Date.now() + 9 * 86_400_000).toISOString()
    const ran = await importIt('--valid-to', validTo)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('you need kms:ImportKeyMaterial.')
    expect(ran.stderr).toContain('only with an expiry (--valid-to), or only')
    expect(ran.stderr).toContain(`The key ${arn} is now PendingImport.`)
  })
})

describe('with one of them taken away', () => {
  test.each([
    ['kms:DescribeKey', 'describe the key'],
    [
      'kms:GetPublicKey',
      'return the public key, which is needed to check the import',
    ],
    ['kms:GetParametersForImport', 'return a wrapping key'],
    ['kms:ImportKeyMaterial', 'import the key material'],
  ])(
    '%s: a refusal that names it, and then it goes on',
    async (action, doing) => {
      await putPolicy(withoutImporters(action))
      const ran = await importIt()
      expect([ran.code, ran.stdout]).toEqual([1, ''])
      expect(ran.stderr).toContain(
        `Error: KMS did not ${doing}: you need ${action}.\n`,
      )
      expect(ran.stderr).toContain(
        'Once you have the permission, run the same command again.',
      )
      const state = `The key ${arn} is now PendingImport.`
      if (action !== 'kms:DescribeKey') expect(ran.stderr).toContain(state)
      await putPolicy(policy)
      expect(await importIt()).toMatchObject({ code: 0 })
    },
  )

  test('kms:ListResourceTags: it is told what was not checked', async () => {
    await putPolicy(withoutImporters('kms:ListResourceTags'))
    const ran = await importIt()
    expect(ran.code).toBe(0)
    expect(ran.stderr).toContain(
      "You have no permission to read the key's tags (kms:ListResourceTags)",
    )
  })

  test.each([
    ['user', 'kms:ImportKeyMaterial|kms:GetParametersForImport'],
    ['admin', 'kms:GetParametersForImport'],
    ['operator', 'kms:DescribeKey'],
  ])('%s is no importer', async (as, permission) => {
    const args = ['key', 'import', '--in', path, '--key', arn]
    const ran = await at.here(args, { as })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(new RegExp(`you need (${permission})\\.`))
  })
})

test('the material of the importer: gone by who may, and back by the importer', async () => {
  await importIt()
  const gone = ['key', 'delete-material', arn]
  const denied = await at.here(gone, { as: 'importer' })
  expect(denied.code).toBe(1)
  expect(denied.stderr).toContain('kms:DeleteImportedKeyMaterial')
  const deleted = await at.here([...gone, '--json'], { as: 'break-glass' })
  expect(JSON.parse(deleted.stdout)).toMatchObject({ state: 'PendingImport' })
  const back = ['key', 'reimport', '--in', path, '--key', arn]
  expect(
    await at.here([...back, '--wrapping-key', 'rsa-2048'], { as: 'importer' }),
  ).toMatchObject({ code: 0 })
})

test('status: a key that waits for its import is not frozen', async () => {
  const { stdout } = await at.here(['status'], { as: 'admin' })
  expect(stdout).toContain(
    `state    PendingImport
         waits for its private key, so nothing is signed. To import it:
         keyward key import --in FILE --key alias/keyward-dev
origin   EXTERNAL
`,
  )
  expect(stdout).toContain('\nfrozen   no\n')
})

test('a freeze says that the private key is also elsewhere', async () => {
  await importIt()
  const status = await at.here(['status'], { as: 'admin' })
  expect(status.stdout).toContain(
    `origin   EXTERNAL
         imported: keyward freeze stops this stack, but not the same private
         key in another KMS key, a wallet or a backup
`,
  )
  const frozen = await at.here(['freeze'], { as: 'admin' })
  expect(frozen.code).toBe(0)
  expect(frozen.stdout).toContain(
    'The freeze covers only this stack: the same private key can still sign in another KMS key, a wallet or a backup.',
  )
  const thawed = await at.here(['unfreeze'], { as: 'admin' })
  expect(thawed).toMatchObject({ code: 0 })
})
