import { PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectKms } from '../support/connectKms.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCli } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'
import { settle } from '../support/settle.js'

// Who may do what with a key that `key create` makes.
let home: RunningHome
const envs: Record<string, Record<string, string>> = {}
beforeAll(async () => {
  home = await startLocalHome({ args: ['--no-chain'] })
  for (const as of ['operator', 'user', 'admin', 'root'])
    envs[as] = await home.env(as)
})
afterAll(() => home.close())

const cli = (as: string, ...args: string[]) =>
  runInProcess(args, envs[as] ?? {})
const arn = (path: string) => `arn:aws:iam::000000000000:${path}`
const operator = arn('user/operator')
const named = (name: string) => arn(`role/keyward-dev-${name}`)

async function create(as: string, ...args: string[]) {
  const ran = await cli(as, 'key', 'create', '--json', ...args)
  expect(ran).toMatchObject({ code: 0 })
  return JSON.parse(ran.stdout) as Record<string, string | null>
}
async function check(keyArn: string | null | undefined) {
  const ran = await cli(
    ...['operator', 'access', 'check', '--json'],
    ...['--key', keyArn ?? ''],
  )
  return { code: ran.code, ...JSON.parse(ran.stdout) }
}

test.each(['user', 'operator', 'root'])(
  "as %s it is the home's own roles that may",
  async (as) => {
    const key = await create(as, '--alias', `by-${as}`)
    expect(key.alias).toBe(`alias/by-${as}`)
    expect(await check(key.arn)).toMatchObject({
      code: 0,
      findings: [],
      roles: {
        administrators: [named('admin'), operator],
        users: [named('user')],
        importers: [],
        breakGlass: [named('break-glass')],
        deployers: [],
        minimumDeletionWindowDays: 30,
      },
    })
  },
)

test('the user signs with it, the operator does not', async () => {
  const { arn: key } = await create('user')
  const sign = (as: string) =>
    runCli(['sign', 'message', '--key', key ?? '', '--in', '-'], {
      env: envs[as] ?? {},
      input: 'hello',
    })
  expect((await sign('user')).code).toBe(0)
  const refused = await sign('operator')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('explicit deny in a resource-based policy')
})

test('roles that are named, and a shorter waiting period', async () => {
  const { arn: key } = await create(
    'operator',
    ...['--admin', arn('role/a'), operator, '--user', arn('role/u')],
    ...['--break-glass', arn('role/b'), '--min-deletion-days', '14'],
    ...['--deployer', arn('role/d')],
  )
  const found = await check(key)
  expect(found).toMatchObject({
    roles: {
      administrators: [arn('role/a'), operator],
      users: [arn('role/u')],
      breakGlass: [arn('role/b')],
      deployers: [arn('role/d')],
    },
    findings: [{ code: 'delete-soon' }],
  })
})

test('a key that waits for its material', async () => {
  const key = await create('operator', '--origin', 'EXTERNAL')
  expect(key).toMatchObject({
    state: 'PendingImport',
    origin: 'EXTERNAL',
    address: null,
  })
  expect(await check(key.arn)).toMatchObject({
    code: 0,
    roles: { importers: [named('importer')], importExpiration: 'never' },
  })
})

test("KMS's default policy only when it is asked for", async () => {
  const ran = await cli('operator', 'key', 'create', '--default-policy')
  expect(ran.code).toBe(0)
  expect(ran.stderr).toContain("The key has KMS's default policy")
  const key = /^ARN +(\S+)$/m.exec(ran.stdout)?.[1]
  expect(ran.stderr).toContain(`\n  keyward access check --key ${key}\n`)
  const found = await cli('root', 'access', 'check', '--key', key ?? '')
  expect(found.code).toBe(1)
  expect(found.stdout).toMatch(/HIGH +sign: Every role and user in account/)
})

test.each<[string, string[], string]>([
  ['nobody who administers', ['--user', arn('role/u')], 'no administrator'],
  [
    'nobody of them the caller',
    ['--admin', arn('role/a')],
    `Add --admin ${operator} or --deployer ${operator}`,
  ],
  [
    'everybody',
    ['--admin', operator, '--user', '*'],
    '--user "*" is not the ARN of an IAM role or user',
  ],
  [
    'an account',
    ['--admin', operator, arn('root')],
    `--admin "${arn('root')}" is not the ARN of an IAM role or user`,
  ],
  [
    'one who signs and administers',
    ['--admin', operator, '--user', operator],
    'A principal that signs must not also administer',
  ],
  [
    'a role that CDK deploys as, to sign',
    [
      ...['--admin', operator, '--user'],
      arn('role/cdk-hnb659fds-cfn-exec-role-000000000000-us-east-1'),
    ],
    'a role that deploys must not also sign',
  ],
  [
    'an importer of what KMS makes',
    ['--admin', operator, '--importer', arn('role/i')],
    '--importer needs --origin EXTERNAL',
  ],
  [
    'roles and none',
    ['--admin', operator, '--default-policy'],
    "--default-policy can't be combined with roles",
  ],
])('%s: no key is made', async (who, args, message) => {
  const count = async () =>
    JSON.parse((await cli('operator', 'key', 'list', '--json')).stdout).keys
      .length
  const before = await count()
  const ran = await cli('operator', 'key', 'create', ...args)
  // That needs to know who the caller is.
  const code = who.startsWith('nobody') ? 1 : 2
  expect(ran).toMatchObject({ code, stdout: '' })
  expect(ran.stderr).toContain(message)
  expect(await count()).toBe(before)
})

test('root, who could not name it', async () => {
  const ran = await cli(
    ...['root', 'key', 'create', '--alias', 'x', '--admin', operator],
  )
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain(
    "The AWS account's root user can't give the key an alias.",
  )
})

test("a stack's functions stay users, also where only IAM let them sign", async () => {
  const stack = ['--stack', 'keyward-dev']
  const clean = await cli('admin', 'access', 'check', ...stack)
  // The home's user is a developer: nothing else is found.
  expect(clean.code).toBe(1)
  expect(clean.stdout.match(/around-the-policy/g)).toHaveLength(1)
  expect(clean.stdout).toContain(`${named('user')} can sign without the policy`)
  // A plan for the key's policy doesn't help here.
  expect(clean.stdout).not.toContain('access plan')
  expect(clean.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'keyward deploy --stack keyward-dev -c users=',
  )
  // The administrator can't ask the functions.
  expect(clean.stdout).toContain("Whether the functions' policy is enforced")
  // Only who is about to set the policy needs to know what else sets it.
  const alsoSets = "The template of keyward-dev sets this key's policy too."
  expect(clean.stderr).not.toContain(alsoSets)
  const planned = await cli('admin', 'access', 'plan', ...stack)
  expect(planned.stderr).toContain(alsoSets)
  expect(planned.stdout).toContain("The policy doesn't change.")
  expect(planned.stdout).toContain(
    `Not fixed by a key policy:\n- around-the-policy: ${named('user')}`,
  )

  const root = connectKms(envs.root ?? {})
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { AWS: arn('root') },
      Action: 'kms:*',
      Resource: '*',
    },
  ]
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await root.send(new PutKeyPolicyCommand({ KeyId: home.key.arn, Policy }))
  root.destroy()
  // Somebody else's change is seen late.
  await settle()

  const asked = await cli('root', 'access', 'check', ...stack, '--json')
  expect(JSON.parse(asked.stdout)).toMatchObject({ policyMode: 'enforce' })
  const roles = [
    '--admin',
    named('admin'),
    '--break-glass',
    named('break-glass'),
  ]
  const found = await cli('root', 'access', 'check', ...stack, ...roles)
  expect(found.stdout).toContain(
    `run:\n  keyward access plan ${[...stack, ...roles].join(' ')}\n`,
  )
  const applied = await cli('root', 'access', 'apply', ...stack, ...roles)
  expect(applied).toMatchObject({ code: 0 })
  const { findings, roles: left } = JSON.parse(
    (await cli('admin', 'access', 'check', '--json')).stdout,
  )
  expect({ findings, users: left.users }).toEqual({
    findings: [],
    users: [
      ...['eip1559-signer', 'legacy-signer', 'message-signer'],
      ...['sender', 'reconciler'],
    ].map(named),
  })
})

test('a key or a stack, not both', async () => {
  const both = ['--key', home.key.arn, '--stack', 'keyward-dev']
  expect(await cli('admin', 'access', 'check', ...both)).toMatchObject({
    code: 2,
    stdout: '',
  })
  const none = await cli('admin', 'access', 'check', '--stack', 'none')
  expect(none.stderr).toContain('docs/errors/stack-missing.md')
})
