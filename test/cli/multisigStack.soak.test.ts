import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveEther } from '../support/giveEther.js'
import { putReleases } from '../support/safe/putReleases.js'
import { sendHttp } from '../support/sendHttp.js'
import { startBareHome } from '../support/startBareHome.js'

// A multisig from nothing to nothing through the command line, as its people:
// Anna, Bert and Cleo approve for an owner each, Dora proposes. The tests go on
// from each other.

let home: Awaited<ReturnType<typeof startBareHome>>
let folder: string
let rpc: string[]
const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
const named = (name: string) => `${name}=${role(name)}`
const at = (name: string) => join(folder, name)
const read = async (name: string) =>
  JSON.parse(await readFile(at(name), 'utf8'))
const stack = ['--stack', 'shared']

async function call(method: string, params: unknown[] = []) {
  const url = home.rpcUrl()
  const { body } = await sendHttp(url, {
    headers: { 'content-type': 'application/json', host: new URL(url).host },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return JSON.parse(body).result
}

type Account = { role: string; address: string; pin: string; key: string }
let accounts: Account[]
const addressOf = (name: string) =>
  accounts.find((one) => one.role === name)?.address ?? ''

beforeAll(async () => {
  home = await startBareHome(['--no-stack'])
  folder = await mkdtemp(join(tmpdir(), 'keyward shared '))
  await putReleases(call, ['1.4.1'])
  rpc = ['--rpc-url', home.rpcUrl()]
}, 60_000)
afterAll(async () => {
  await home?.close()
  await rm(folder, { recursive: true, force: true })
})

const owners = ['anna', 'bert', 'cleo'].flatMap((one) => [
  '--owner',
  named(one),
])
const settings = [...owners, '--proposer', named('dora')]

test('a dry run shows what would be made, and makes nothing', async () => {
  const ran = await home.as(
    'operator',
    'deploy',
    ...stack,
    ...settings,
    '--dry-run',
  )
  expect(ran).toMatchObject({ code: 0, data: { dryRun: true } })
  expect(ran.stderr).toContain('All 3 keys will be in one AWS account')
  const keys = ran.data.changes.filter(
    ({ type }: { type: string }) => type === 'AWS::KMS::Key',
  )
  expect(keys).toHaveLength(4)
  expect(await home.as('operator', 'status', ...stack)).toMatchObject({
    code: 1,
  })
})

test.each([
  [['--owner', 'anna'], 'owners: must be a comma-separated list of alias=ARN'],
  [
    [...settings, '--user', role('anna')],
    'users: is not a setting of a multisig',
  ],
  [['--proposer', named('dora')], 'proposers: is allowed only for a multisig'],
  [[...owners, '--safe-file', 'none.json'], '--safe-file "none.json" can'],
  [
    [...owners, '--no-coordinator', '--proposer', named('dora')],
    'without a coordinator',
  ],
])('%j is refused', async (args, message) => {
  const ran = await home.as('operator', 'deploy', ...stack, ...args)
  expect(ran.code).not.toBe(0)
  expect(ran.stderr.replace(/--owner: /, 'owners: ')).toContain(message)
})

test('deploy makes keys and functions, and pins each key', async () => {
  const ran = await home.as('operator', 'deploy', ...stack, ...settings)
  expect(ran).toMatchObject({
    code: 0,
    data: {
      status: 'UPDATE_COMPLETE',
      functions: expect.arrayContaining([
        ...[1, 2, 3].map((number) => `shared-cosigner-${number}`),
        'shared-coordinator',
        'shared-sender',
      ]),
    },
  })
  accounts = ran.data.accounts
  expect(accounts.map((one) => one.role)).toEqual([
    ...['owner-1', 'owner-2', 'owner-3', 'relayer'],
  ])
  for (const { address, pin } of accounts) expect(pin).toBe(address)
  expect(new Set(accounts.map(({ address }) => address)).size).toBe(4)
})

test('before it knows its Safe, status and doctor say so', async () => {
  const status = await home.as('operator', 'status', ...stack, ...rpc)
  expect(status).toMatchObject({ code: 0, data: { safe: {} } })
  expect(status.data.accounts).toHaveLength(4)
  const doctor = await home.as('operator', 'doctor', ...stack, ...rpc)
  expect(doctor.code).toBe(1)
  expect(doctor.data.checks).toContainEqual(
    expect.objectContaining({ name: 'safe', ok: false }),
  )
})

test('a Safe of these owners is created, and the stack deployed with its file', async () => {
  const dev = accounts.find((one) => one.role === 'relayer')
  await giveEther(home.rpcUrl(), dev?.address ?? '', 10n ** 19n)
  // The local home has no other sender: Safe's factory takes it from anybody.
  const plan = await home.as(
    ...(['operator', 'safe', 'create', '--threshold', '2'] as const),
    ...accounts.slice(0, 3).flatMap((one) => ['--owner', one.address]),
    ...['--safe-file', at('t.safe.json'), '--dry-run', ...rpc],
  )
  const { safe, to, data } = plan.data
  const [from] = await call('eth_accounts')
  await call('eth_sendTransaction', [{ from, to, data, gas: '0x7a1200' }])
  await giveEther(home.rpcUrl(), safe)
  const file = ['--safe-file', at('t.safe.json')]
  const adopted = await home.as(
    ...(['operator', 'safe', 'adopt', safe, ...file, ...rpc, '--yes'] as const),
  )
  expect(adopted.code).toBe(0)
  const ran = await home.as('operator', 'deploy', ...stack, ...file)
  expect(ran).toMatchObject({ code: 0 })
  expect(ran.data.accounts).toEqual(accounts)
  const status = await home.as('operator', 'status', ...stack, ...rpc)
  expect(status.data.safe).toMatchObject({
    ...{ safe, threshold: 2, changes: [] },
    trust: expect.stringContaining(
      '3 owners have their keys in this AWS account',
    ),
  })
  const doctor = await home.as('operator', 'doctor', ...stack, ...rpc)
  const bad = doctor.data.checks.filter(
    ({ ok }: { ok: boolean }) => ok === false,
  )
  expect(bad).toEqual([])
  expect(doctor.code).toBe(0)
})

test('owners keep what is not given, and their pins', async () => {
  await writeFile(
    at('owners.json'),
    JSON.stringify({
      owners: [
        { approvers: { anna: role('anna') } },
        { approvers: { bert: role('bert') }, open: ['owners'] },
        { approvers: { cleo: role('cleo') } },
      ],
    }),
  )
  const file = ['--settings', at('owners.json')]
  const opened = await home.as('operator', 'deploy', ...stack, ...file)
  expect(opened).toMatchObject({ code: 0, data: { accounts } })
  const again = await home.as('operator', 'deploy', ...stack, ...owners)
  expect(again).toMatchObject({ code: 0, data: { changes: [], accounts } })
})

test('an owner less would lose a key, which is refused', async () => {
  const two = owners.slice(0, 4)
  const ran = await home.as('operator', 'deploy', ...stack, ...two)
  expect(ran.stderr).toContain('docs/errors/key-replaced.md')
})

test('a stack with one key does not become a multisig', async () => {
  expect(await home.as('operator', 'deploy')).toMatchObject({ code: 0 })
  const ran = await home.as('operator', 'deploy', ...settings)
  expect(ran.stderr).toContain('keyward-dev has one key')
})

test('an owner alone has a key and a function, and a status of its own', async () => {
  const alone = ['--stack', 'alone']
  const ran = await home.as(
    ...(['operator', 'deploy', ...alone, '--owner', named('otto')] as const),
    ...['--no-coordinator', '--safe-file', at('t.safe.json')],
  )
  expect(ran).toMatchObject({
    code: 0,
    data: { functions: ['alone-cosigner-1'], accounts: [{ role: 'owner-1' }] },
  })
  const { safe } = await read('t.safe.json')
  const status = await home.as('operator', 'status', ...alone, ...rpc)
  expect(status.data).toMatchObject({ safe: { safe }, frozen: 'no' })
  const doctor = await home.as('operator', 'doctor', ...alone, ...rpc)
  expect(doctor).toMatchObject({ code: 0 })
  const gone = await home.as('operator', 'destroy', ...alone, ...rpc, '--yes')
  // The break-glass role is another one.
  expect(gone).toMatchObject({ code: 3, data: { keys: [{ role: 'owner-1' }] } })
  // It is no owner of the Safe, which loses nothing.
  expect(gone.data.holders).toHaveLength(1)
})

test('destroy looks at each account and at the Safe that would be locked', async () => {
  const args = ['destroy', ...stack, ...rpc, '--yes'] as const
  const plan = await home.as('operator', ...args, '--dry-run')
  expect(plan.data.keys).toHaveLength(4)
  expect(plan.data.holders.map((one: Account) => one.role)).toEqual([
    ...['owner-1', 'owner-2', 'owner-3', 'relayer', 'safe'],
  ])
  const refused = await home.as('operator', ...args)
  expect(refused.stderr).toContain('docs/errors/funds-remain.md')
  await giveEther(home.rpcUrl(), addressOf('relayer'), 0n)
  const safe = await home.as('operator', ...args)
  expect(safe.stderr).toContain('The Safe 0x')
  expect(safe.stderr).toContain('docs/errors/funds-remain.md')
  await giveEther(home.rpcUrl(), (await read('t.safe.json')).safe, 0n)
  const done = await home.as('operator', ...args)
  expect(done.code).toBe(3)
  const keys = done.data.steps.filter(
    ({ kind, done }: { kind: string; done: boolean }) =>
      kind === 'key' && !done,
  )
  expect(keys).toHaveLength(4)
  expect(await home.as('operator', 'status', ...stack)).toMatchObject({
    code: 1,
  })
})
