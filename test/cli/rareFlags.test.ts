import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HDNodeWallet, Mnemonic } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { keywardBin, runCli } from '../support/runCli.js'
import { runInTerminal } from '../support/runInTerminal.js'
import { zeroBlob } from '../support/zeroBlob.js'

// Flags that few people need, each with what it changes.

let home: RunningHome
let env: Record<string, string>
let folder: string
beforeAll(async () => {
  const account = ['--account-id', '111122223333']
  home = await startLocalHome({
    args: ['--no-stack', '--no-chain', ...account],
  })
  env = await home.env('operator')
  folder = await mkdtemp(join(tmpdir(), 'keyward flags '))
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => runCli(args, { env, cwd: folder })
const write = (name: string, value: unknown) =>
  writeFile(join(folder, name), JSON.stringify(value))

test('local --account-id: keys are of that account', async () => {
  const made = await run('key', 'create', '--default-policy', '--json')
  expect(JSON.parse(made.stdout).arn).toContain(':111122223333:key/')
})

test('key create --import-expiration: KMS refuses what never expires', async () => {
  const who = 'arn:aws:iam::111122223333:user/operator'
  const made = await run(
    ...['key', 'create', '--origin', 'EXTERNAL', '--alias', 'expiring'],
    ...['--admin', who, '--importer', who, '--import-expiration', 'required'],
  )
  expect(made).toMatchObject({ code: 0 })
  await run('key', 'generate', '--out', 'k.pem', '--format', 'pkcs8', '--plain')
  const importing = (...more: string[]) =>
    run(
      ...['key', 'import', '--in', 'k.pem', '--key', 'alias/expiring'],
      ...['--no-backup', '--json', ...more],
    )
  expect((await importing()).stdout).toContain(
    'only with an expiry (--valid-to)',
  )
  const soon = new Date(Date.now() + 40 * 86_400_000).toISOString()
  const done = await importing('--valid-to', soon)
  expect(JSON.parse(done.stdout)).toMatchObject({ imported: true })
})

test('key import --passphrase: it is another account with it', async () => {
  const phrase = `${'test '.repeat(11)}junk`
  const { code, shown } = await runInTerminal(
    [
      ...[process.execPath, keywardBin, 'key', 'import', '--in', '-'],
      ...['--create', '--alias', 'phrase', '--no-backup'],
      ...['--passphrase', '--dry-run'],
    ],
    [
      [/not shown\): /, phrase],
      [/Passphrase of the recovery phrase.*: /, 'with salt'],
    ],
    { env, cwd: folder },
  )
  const { address } = HDNodeWallet.fromMnemonic(
    Mnemonic.fromPhrase(phrase, 'with salt'),
  )
  expect(shown).toContain(address)
  expect(code).toBe(0)
})

test('key import --endpoint-host: another host gets no key', async () => {
  const elsewhere = { ...env, AWS_ENDPOINT_URL: 'https://127.0.0.1:1' }
  const ran = await runCli(
    [
      ...['key', 'import', '--in', 'k.pem', '--no-backup', '--yes', '--key'],
      'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      ...['--endpoint-host', 'kms.example.org'],
    ],
    { env: elsewhere, cwd: folder },
  )
  expect(ran.stderr).toContain('--endpoint-host is "kms.example.org"')
  expect(ran.stderr).toContain('--endpoint-host 127.0.0.1:1')
})

test('sign tx --sidecar: proofs that the table does not expect', async () => {
  const { blob, commitment, proof, versionedHash } = zeroBlob
  await write('blob.json', {
    ...{ type: 'eip4844', chainId: 1, nonce: 0, value: '0', data: '0x' },
    ...{ to: `0x${'5a'.repeat(20)}`, gas: 21000, maxFeePerGas: '9' },
    ...{ maxPriorityFeePerGas: '1', maxFeePerBlobGas: '1' },
    blobVersionedHashes: [versionedHash],
    sidecars: { blobs: [blob], commitments: [commitment], proofs: [proof] },
  })
  const made = await run('key', 'create', '--default-policy', '--json')
  const { arn } = JSON.parse(made.stdout)
  const sign = (...more: string[]) =>
    run('sign', 'tx', '--in', 'blob.json', '--key', arn, '--json', ...more)
  expect((await sign()).stdout).toContain('must include cellProofs')
  const signed = await sign('--sidecar', 'eip4844')
  expect(JSON.parse(signed.stdout).raw).toMatch(/^0x03/)
})

test('policy check --account: a rule for other accounts does not hold', async () => {
  const account = `0x${'5a'.repeat(20)}`
  const other = `0x${'6b'.repeat(20)}`
  await write('policy.json', {
    version: 1,
    rules: [{ id: 'digests', accounts: [account], digest: {} }],
  })
  await write('request.json', {
    kind: 'digest',
    digest: `0x${'12'.repeat(32)}`,
  })
  const decide = async (of: string) => {
    const request = ['--request', 'request.json', '--account', of]
    return (await run('policy', 'check', 'policy.json', ...request)).code
  }
  expect([await decide(account), await decide(other)]).toEqual([0, 1])
})

test('access scp --table, --bootstrap-qualifier: names of yours', async () => {
  const scp = async (...more: string[]) =>
    (await run('access', 'scp', '--json', ...more)).stdout
  const adapted = await scp(
    '--table',
    'payouts',
    '--bootstrap-qualifier',
    'team',
  )
  expect(adapted).toContain(':table/payouts"')
  expect(adapted).toContain('cdk-team-')
  expect(adapted).not.toContain('hnb659fds')
  expect(await scp()).not.toContain(':table/payouts"')
})
