import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JsonRpcProvider } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCall, type WireCall } from '../support/awsModels/checkCall.js'
import { findViolations } from '../support/awsModels/findViolations.js'
import { newTestKey } from '../support/importHome.js'
import { callDynamo, ledgerTable } from '../support/ledgerTable.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCli } from '../support/runCli.js'

// What the command line, the library in it and the functions ask of AWS, against
// the models that AWS publishes: members, types, enums, patterns and lengths. Answers hold
// nothing that AWS does not answer.

let home: RunningHome
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward models '))
  home = await startLocalHome({ records: true })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

async function cli(as: string, ...args: string[]) {
  const env = await home.env(as)
  const ran = await runCli([...args, '--json'], {
    env,
    cwd: folder,
  })
  if (ran.code !== 0) throw new Error(`${args.join(' ')}\n${ran.stderr}`)
  return ran.stdout === '' ? undefined : JSON.parse(ran.stdout)
}

test('each call is one that AWS would read, and each answer one it gives', async () => {
  const chain = new JsonRpcProvider(`${home.ready.rpcUrl}`)
  const fund = (address: string) =>
    chain.send('anvil_setBalance', [address, '0xde0b6b3a7640000'])
  await fund(home.key.address)
  const { sec1 } = newTestKey()
  const path = join(folder, 'key.pem')
  await writeFile(path, sec1, { mode: 0o600 })
  const env = await home.env('operator')
  const credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
  }
  await callDynamo(
    { endpoint: home.ready.endpoint, credentials },
    'CreateTable',
    ledgerTable('payouts'),
  )
  const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
  const amount = ['--to', to, '--amount', '0.0001']
  const own = ['--ledger', 'payouts', '--key', 'alias/modelled']

  const key = await cli('user', 'key', 'create', '--alias', 'modelled')
  await fund(key.address)
  await cli('operator', 'key', 'list')
  await cli('user', 'key', 'show', 'alias/modelled')
  await cli(
    'operator',
    ...['key', 'import', '--in', path, '--create', '--wrapping-key'],
    ...['rsa-2048', '--receipt', join(folder, 'receipt')],
  )
  await cli('user', 'send', ...amount, '--idempotency-key', 'models-1')
  await cli('user', 'tx', 'list')
  await cli(
    ...(['user', 'send', ...amount, ...own, '--network', 'local'] as const),
    ...['--rpc-url', `${home.ready.rpcUrl}`, '--idempotency-key', 'models-2'],
    '--new-ledger',
    '--yes',
  )
  await cli('operator', 'status')
  await cli('admin', 'freeze')
  await cli('admin', 'unfreeze')
  await cli('operator', 'destroy', '--dry-run', '--even-with-funds')
  chain.destroy()

  const calls = home.calls()
  const { operations, violations } = findViolations(calls)
  expect(violations).toEqual([])
  expect(operations.length).toBeGreaterThan(25)
  // The functions' own, whose credentials are those of their roles.
  const { operations: ofFunctions } = findViolations(
    calls.filter(({ headers }) => headers['x-amz-security-token']),
  )
  expect(ofFunctions).toEqual(
    expect.arrayContaining(['dynamodb:UpdateItem', 'kms:Sign']),
  )
})

const call = (
  service: string,
  operation: string,
  input: object,
  more: Partial<WireCall> = {},
): WireCall => ({
  ...{ service, method: 'POST', path: '/', status: 200, answer: '{}' },
  headers: { 'x-amz-target': `X.${operation}` },
  body: JSON.stringify(input),
  ...more,
})
const form = (body: string, more: Partial<WireCall> = {}) =>
  call('cloudformation', '', {}, { body, answer: '', ...more })
const lambda = (method: string, path: string, body = '', more = {}) =>
  call('lambda', '', {}, { method, path, body, ...more })
const sign = {
  KeyId: 'k',
  Message: 'AAAA',
  SigningAlgorithm: 'ECDSA_SHA_256',
}
const functions = '/2015-03-31/functions/signer'

test('the good ones', () => {
  const good = [
    call('kms', 'Sign', { ...sign, MessageType: 'DIGEST' }),
    form('Action=DescribeStacks&Version=2010-05-15&StackName=a'),
    lambda('POST', `${functions}/invocations?Qualifier=live`, '{"any":1}'),
  ]
  expect(good.flatMap((each) => checkCall(each).violations)).toEqual([])
})

test.each<[WireCall, string]>([
  [call('kms', 'Sign', { ...sign, KeyId: undefined }), '.KeyId is missing'],
  [call('kms', 'Sign', { ...sign, KeyId: '' }), '.KeyId is 0, and 1'],
  [call('kms', 'Sign', { ...sign, KeyId: 1 }), '.KeyId is no text'],
  [call('kms', 'Sign', { ...sign, Message: '?' }), '.Message is not base64'],
  [
    call('kms', 'Sign', {
      ...sign,
      Message: Buffer.alloc(4097).toString('base64'),
    }),
    '.Message is 4097, and 4096',
  ],
  [
    call('kms', 'Sign', { ...sign, MessageType: 'HASH' }),
    '.MessageType is none',
  ],
  [call('kms', 'Sign', { ...sign, Digest: 'AAAA' }), '.Digest is not known'],
  [call('kms', 'Sign', { ...sign, DryRun: 'yes' }), '.DryRun is no boolean'],
  [
    call('kms', 'Sign', { ...sign, GrantTokens: 'a' }),
    '.GrantTokens is no list',
  ],
  [
    call('kms', 'CreateAlias', { AliasName: 'alias/a b', TargetKeyId: 'k' }),
    '.AliasName does not match',
  ],
  [call('kms', 'CreateKey', { Tags: [{ TagKey: 'a' }] }), '.Tags[0].TagValue'],
  [call('kms', 'ListKeys', { Limit: 1001 }), '.Limit is 1001, and 1000'],
  [call('kms', 'Encrypt', {}), 'leaves out POST / Encrypt'],
  [call('dynamodb', 'GetItem', { TableName: 't', Key: [] }), '.Key is no map'],
  [
    call('dynamodb', 'Query', { TableName: 't', Limit: 0 }),
    '.Limit is 0, and 1',
  ],
  [
    call('secretsmanager', 'GetSecretValue', { SecretId: 's', Name: 'a' }),
    '.Name is not known',
  ],
  [form('Action=DeleteStack'), '.StackName is missing'],
  [
    form('Action=CreateChangeSet&StackName=a&ChangeSetName=1'),
    '.ChangeSetName does not match',
  ],
  [lambda('PUT', `${functions}/code`), 'leaves out PUT'],
  [
    lambda('PUT', '/2017-10-31/functions/signer/concurrency', '{}'),
    '.ReservedConcurrentExecutions is missing',
  ],
  [
    lambda('POST', `${functions}/invocations`, '', {
      headers: { 'x-amz-invocation-type': 'Later' },
    }),
    '.InvocationType is none',
  ],
  [
    call('kms', 'Sign', sign, { answer: '{"KeyId":"k","Digest":"AAAA"}' }),
    'answer: .Digest is not known',
  ],
  [
    form('Action=DescribeStacks', {
      answer:
        '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><Mood>a</Mood></member></Stacks></DescribeStacksResult></DescribeStacksResponse>',
    }),
    'answer: .Stacks[0].Mood is not known',
  ],
])('a damaged one is seen: %#', (damaged, violation) => {
  const { violations } = checkCall(damaged)
  expect(violations).toEqual([expect.stringContaining(violation)])
})
