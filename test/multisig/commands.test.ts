import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  encodeFunctionData,
  getAddress,
  type Hex,
  hashMessage,
  parseAbi,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SafeMessage } from '../../packages/safe/src/index.js'
import { runCli } from '../support/runCli.js'
import {
  type MultisigHome,
  openMultisigHome,
} from '../support/safe/openMultisigHome.js'
import { loadProtocolKit } from '../support/safe/protocolKit.js'

// `keyward safe ... --stack`: the commands ask the functions, each person with
// credentials of their own. The tests go on from each other.

let home: MultisigHome
let alone: MultisigHome
beforeAll(async () => {
  const approvers = (name: string, account = '000000000000') => ({
    approvers: { [name]: `arn:aws:iam::${account}:role/${name}` },
  })
  home = await openMultisigHome({
    ownerNames: ['anna', 'bert'],
    owners: [
      { ...approvers('anna'), open: ['safe-message'] },
      approvers('bert'),
    ],
  })
  const { chain } = home
  const cleo = approvers('cleo', '111122223333')
  const props = {
    ...{ ownerNames: ['cleo'], coordinator: false },
    owners: [{ ...cleo, open: ['safe-message'] }],
  } as const
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
  expect(ran.stdout).toContain('Approve and execute this proposal instead:')
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
  [['approve', '--owner', '1'], "--owner can't be used without --stack"],
  [['approve', '--in', 'x', '--key', 'k'], 'pass --safe-file.'],
  [
    ['approve', '--stack', 't', '--key', 'k'],
    "--key can't be used with --stack",
  ],
  [['approve', '--stack', 't', '0x12'], 'proposal'],
  [
    ['approve', '--stack', 't'],
    'pass the hash of the proposal, or --in with a file.',
  ],
  [['execute', `0x${'12'.repeat(32)}`], 'pass --stack.'],
  [
    ['propose', '--to', payee, '--stack', 't', '--out', 'x'],
    "--out can't be used",
  ],
  [
    ['reject', '--stack', 't'],
    'pass the hash of the proposal, which --stack requires.',
  ],
  [['status', '--stack', 't', '--in', 'x'], "--in can't be used with --stack"],
])('%j is used wrongly', async (args, message) => {
  const ran = await runCli(['safe', ...args])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain(message)
})

describe('a message of the Safe', () => {
  const text = 'We own this Safe.'
  const sign = (name: string, ...args: string[]) =>
    as(name, 'approve-message', ...args)
  const handler = parseAbi([
    'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
  ])
  const isValid = async (hash: Hex, signature: Hex) => {
    const data = encodeFunctionData({
      ...{ abi: handler, functionName: 'isValidSignature' },
      args: [hash, signature],
    })
    const to = home.file.domain.safe
    const call = home.chain.anvil.call('eth_call', [{ to, data }, 'latest'])
    return call.then(
      (answer) => String(answer).slice(0, 10),
      () => 'reverted',
    )
  }

  test("is refused unless the owner's settings open it", async () => {
    const signs = home.signs()
    await as('dora', 'status')
    const ran = await sign(
      ...(['bert', '--owner', '2', '--message', text] as const),
      ...['--out', at('bert.json')],
    )
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /safe-message: a message \(text\)[\s\S]*docs\/errors\/dangerous-message.md/,
      ),
    })
    expect(home.signs()).toBe(signs)
    expect(existsSync(at('bert.json'))).toBe(false)
  })

  test('is accepted by the contract once enough owners signed, and no other is', async () => {
    const file = at('message.json')
    const shown = await sign('anna', '--message', text, '--dry-run', '--json')
    expect(shown).toMatchObject({ code: 0, data: { dryRun: true } })
    expect(shown.stderr).toMatch(/can't be revoked/)
    const args = ['--message', text, '--out', file, '--json']
    const first = await sign('anna', ...args)
    expect(first).toMatchObject({ code: 0, data: { kind: 'text' } })
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      ...{ message: text, preparedSignature: null },
      messageHash: first.data.safe_message_hash,
    })
    const on = ['--stack', 'alone', '--caller', 'cleo', '--in', file]
    const second = await safe('cleo', alone, 'approve-message', ...on)
    expect(second.stdout).toMatch(/signatures +2 of 2: enough/)
    const { preparedSignature, messageHash } = JSON.parse(
      await readFile(file, 'utf8'),
    )
    const { calculateSafeMessageHash, hashSafeMessage } =
      await loadProtocolKit()
    const { safe: address, chainId } = home.file.domain
    expect(messageHash).toBe(
      calculateSafeMessageHash(
        ...([getAddress(address), hashSafeMessage(text)] as const),
        ...(['1.4.1', BigInt(chainId)] as const),
      ),
    )
    expect(await isValid(hashMessage(text), preparedSignature)).toBe(
      '0x1626ba7e',
    )
    expect(await isValid(hashMessage(`${text} `), preparedSignature)).toBe(
      'reverted',
    )
  })

  test('of typed data is shown by its fields; a transaction in it is refused', async () => {
    const { chainId } = home.file.domain
    const write = (name: string, json: object) =>
      writeFile(at(name), JSON.stringify(json))
    const wrapped = SafeMessage.toTypedData(
      { chainId, safe: `0x${'5a'.repeat(20)}` },
      { message: text },
    )
    await write('wrapped.json', wrapped)
    const ran = await sign(
      'anna',
      '--typed-data',
      at('wrapped.json'),
      '--dry-run',
    )
    expect(ran.stderr).toMatch(
      /wraps a SafeMessage; no setting can allow\s+this/,
    )
    const types = { Vote: [{ name: 'choice', type: 'uint32' }] }
    const domain = { chainId, verifyingContract: payee }
    const vote = { types, domain, primaryType: 'Vote', message: { choice: 7 } }
    await write('vote.json', vote)
    const seen = await sign(
      'anna',
      '--typed-data',
      at('vote.json'),
      '--dry-run',
    )
    expect(seen.stderr).toMatch(
      /Vote, which this version of Keyward does not know[\s\S]*choice +7/,
    )
    expect(seen.stderr).toMatch(
      /unknown-message: typed data of the unknown type Vote\(uint32 choice\)/,
    )
  })
})
