import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../support/runCli.js'
import {
  type MultisigHome,
  openMultisigHome,
} from '../support/safe/openMultisigHome.js'

// `keyward safe ... --stack`: the commands ask the functions, each person with
// credentials of their own. The tests go on from each other.

let home: MultisigHome
let alone: MultisigHome
beforeAll(async () => {
  home = await openMultisigHome({ ownerNames: ['anna', 'bert'] })
  const { chain } = home
  const props = { ownerNames: ['cleo'], coordinator: false } as const
  alone = await openMultisigHome(
    { stackName: 'alone', ...props },
    { chain, accountId: '111122223333' },
  )
  const safe = await home.createSafe(2, [...home.owners, ...alone.owners])
  await home.pin(safe)
  await alone.pin(safe)
}, 120_000)
afterAll(async () => {
  await alone?.close()
  await home?.close()
})

const payee = getAddress(`0x${'ac'.repeat(20)}`)
const at = (name: string) => join(home.folder, name)

async function safe(as: string, of: MultisigHome, ...args: string[]) {
  const { endpoint, region } = of.home
  const { accessKeyId, secretAccessKey } = of.home.credentials(of.role(as))
  const ran = await runCli(['safe', ...args], {
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
  })
  const isJson = args.includes('--json') && ran.stdout !== ''
  return { ...ran, data: isJson ? JSON.parse(ran.stdout) : undefined }
}
const as = (name: string, verb: string, ...args: string[]) =>
  safe(name, home, verb, ...args, '--stack', 'treasury', '--caller', name)
const propose = async (amount: string): Promise<Hex> => {
  const pay = ['--to', payee, '--amount', amount, '--json']
  return (await as('dora', 'propose', ...pay)).data.safe_tx_hash
}

test('a payment is proposed, looked at, approved and executed', async () => {
  const ran = await as('dora', 'propose', '--to', payee, '--amount', '0.25')
  expect(ran).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/status +waiting, 0 of 2 signatures/),
  })
  const [hash = ''] = /0x[0-9a-f]{64}/.exec(ran.stdout) ?? []
  const early = await as('dora', 'execute', hash)
  expect(early).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('docs/errors/signatures-refused.md'),
  })
  const signs = home.signs()
  const first = await as('anna', 'approve', hash, '--owner', '1')
  expect(first.code).toBe(0)
  for (const said of [`sends 0.25 ETH to ${payee}`, 'the Safe loses 0.25 ETH'])
    expect(first.stderr).toContain(said)
  expect(first.stderr).toMatch(new RegExp(`SafeTx +${hash}`))
  expect(first.stdout).toMatch(/signed +now/)
  const second = await as('bert', 'approve', hash, '--owner', '2', '--json')
  expect(second.data).toMatchObject({ safe_tx_hash: hash, signed_now: true })
  expect(home.signs() - signs).toBe(2)
  const done = await as('dora', 'execute', hash, '--json')
  expect(done).toMatchObject({
    code: 0,
    data: { status: 'mined', execution: { by: 'relayer' } },
  })
  const shown = await as('dora', 'status')
  expect(shown).toMatchObject({ code: 0 })
  expect(shown.stdout).toMatch(/pins +match/)
  expect(shown.stdout).toContain('the Safe logged ExecutionSuccess')
})

test('what the functions refuse ends as their error', async () => {
  const hash = await propose('0.1')
  const stranger = await as('anna', 'approve', hash, '--owner', '2')
  expect(stranger).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('AccessDenied'),
  })
  const data = `0x${'12'.repeat(32)}`
  const raw = ['--to', payee, '--data', data, '--json']
  const proposed = await as('dora', 'propose', ...raw)
  const { safe_tx_hash: unknown } = proposed.data
  const signs = home.signs()
  const refused = await as('anna', 'approve', unknown, '--owner', '1', '--yes')
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('docs/errors/dangerous-transaction.md'),
  })
  expect(home.signs()).toBe(signs)
})

test('a rejection tells what takes its place', async () => {
  const hash = await propose('0.2')
  await as('anna', 'approve', hash, '--owner', '1')
  const ran = await as('dora', 'reject', hash)
  expect(ran).toMatchObject({ code: 0 })
  expect(ran.stdout).toContain('Rejected by dora.')
  expect(ran.stdout).toContain('In its place, to be approved and executed:')
  const late = await as('bert', 'approve', hash, '--owner', '2')
  expect(late.stderr).toContain('docs/errors/proposal-closed.md')
})

test('an owner in another account signs a bundle, which is brought back', async () => {
  const hash = await propose('0.3')
  const file = at('payment.json')
  const args = [hash, '--out', file]
  expect(await as('dora', 'export', ...args)).toMatchObject({ code: 0 })
  const bundle = JSON.parse(await readFile(file, 'utf8'))
  expect(bundle).toMatchObject({ safeTxHash: hash, confirmations: [] })
  const signed = ['--in', file, '--out', at('signed.json')]
  const stack = ['--stack', 'alone', '--caller', 'cleo']
  const ran = await safe('cleo', alone, 'approve', ...signed, ...stack)
  expect(ran).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('the Safe loses 0.3 ETH'),
  })
  const imported = await as('dora', 'import', at('signed.json'), '--json')
  const [owner = '0x'] = alone.owners
  expect(imported.data).toMatchObject({ signed: [getAddress(owner)] })
  await writeFile(at('forged.json'), JSON.stringify({ ...bundle, value: '1' }))
  const forged = await as('dora', 'import', at('forged.json'))
  expect(forged.stderr).toContain('docs/errors/proposal-mismatch.md')
  await as('anna', 'approve', hash, '--owner', '1')
  expect(await as('dora', 'execute', hash)).toMatchObject({ code: 0 })
})

test.each([
  [['approve', '--owner', '1'], '--owner is given without --stack'],
  [['approve', '--in', 'x', '--key', 'k'], '--safe-file is missing'],
  [['approve', '--stack', 't', '--key', 'k'], '--key is given with --stack'],
  [['approve', '--stack', 't', '0x12'], 'proposal'],
  [
    ['approve', '--stack', 't'],
    'the hash of the proposal, or --in, is missing',
  ],
  [['execute', `0x${'12'.repeat(32)}`], '--stack is missing'],
  [['propose', '--to', payee, '--stack', 't', '--out', 'x'], '--out is given'],
  [['reject', '--stack', 't'], 'the hash of the proposal (--stack) is missing'],
  [['status', '--stack', 't', '--in', 'x'], '--in is given with --stack'],
])('%j is used wrongly', async (args, message) => {
  const ran = await runCli(['safe', ...args])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain(message)
})
