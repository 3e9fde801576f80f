import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WireCall } from '../support/awsModels/checkCall.js'
import { findViolations } from '../support/awsModels/findViolations.js'
import { recordCalls } from '../support/awsModels/recordCalls.mjs'
import {
  openSendingStack,
  payment,
  type SendingStack,
} from '../support/openSendingStack.js'
import { key, startProvider } from '../support/startProvider.js'
import { without } from '../support/tools.js'

// Where a provider's URL is kept that holds a key.

const account = 'us-east-1:000000000000'
const parameter = `arn:aws:ssm:${account}:parameter/treasury/rpc`
const sender = 'treasury-sender:payouts'

describe.skipIf(without('aws'))('an endpoint in an SSM parameter', () => {
  let stack: SendingStack
  let provider: Awaited<ReturnType<typeof startProvider>>
  const calls: WireCall[] = []
  beforeAll(async () => {
    recordCalls((call) => calls.push(call))
    stack = await openSendingStack({ rpcUrl: parameter })
    provider = await startProvider(() => stack.rpcUrl)
  }, 120_000)
  afterAll(async () => {
    await stack.close()
    await provider.close()
  })
  const put = async (...more: string[]) => {
    const ran = await stack.aws(
      ...['ssm', 'put-parameter', '--name', '/treasury/rpc'],
      ...['--value', await stack.fileOf(provider.url), ...more],
    )
    expect(ran.stderr).toBe('')
    return JSON.parse(ran.stdout)
  }

  test('that is missing ends in a typed error that names it', async () => {
    const reason = `${parameter} could not be read: SSM returned ParameterNotFound for GetParameter.`
    expect(await stack.invoke('treasury-reconciler', {}, 'operator')).toEqual({
      errorType: 'SecretError',
      errorMessage: expect.stringContaining(
        `${reason}\nNothing was sent. Check the ARN in the function's environment and the permissions of the function's role.\nSee docs/errors/secret-unreadable.md`,
      ),
      trace: expect.anything(),
    })
    expect(await stack.invoke(sender, { operation: 'status' })).toMatchObject({
      rpc: [],
      rpc_problem: expect.stringContaining(reason),
      balance_wei: null,
    })
    expect(await stack.invoke(sender, payment('early'))).toMatchObject({
      status: 'accepted',
      signed_tx_hash: null,
      problem: reason,
    })
  }, 60_000)

  test('that was put there sends, what waited for it too, once', async () => {
    expect(await put('--type', 'SecureString')).toEqual({
      Version: 1,
      Tier: 'Standard',
    })
    const first = payment('early')
    await expect
      .poll(() => stack.invoke(sender, first), { timeout: 30_000 })
      .toMatchObject({ status: 'sent', nonce: 0 })
    expect(await stack.invoke(sender, payment('second'))).toMatchObject({
      status: 'sent',
      nonce: 1,
    })
    expect(
      await stack.rpc('eth_getTransactionCount', [stack.address, 'latest']),
    ).toBe('0x2')
    expect(provider.count()).toBeGreaterThan(4)
    expect(await stack.invoke('treasury-reconciler', {}, 'operator')).toEqual(
      expect.objectContaining({ skipped: false, finalBelow: 2 }),
    )
    const status = await stack.invoke(sender, { operation: 'status' })
    expect(status).toMatchObject({
      rpc: [{ endpoint: provider.origin, problem: null }],
      rpc_problem: null,
    })
  }, 60_000)

  test('its value is in no answer, log or ledger', async () => {
    // A function that starts now is told, and then cannot reach it.
    const heard: unknown[] = [
      await stack.invoke(sender, { operation: 'status' }),
      await stack.invoke(sender, { operation: 'list' }),
    ]
    await provider.close()
    heard.push(await stack.invoke(sender, { operation: 'status' }))
    heard.push(await stack.invoke('treasury-reconciler', {}, 'operator'))
    const said = JSON.stringify([heard, stack.lines, await readLogs()])
    expect(said.includes(`${provider.origin} can't be reached`)).toBe(true)
    for (const part of [key, '/v3/']) expect(said.includes(part)).toBe(false)
    const ledger = JSON.stringify(await readLedger())
    expect(ledger.includes('second')).toBe(true)
    expect(ledger.includes(key)).toBe(false)
  }, 60_000)

  test('what the functions ask of AWS is as its models have it', () => {
    const own = calls.filter(({ headers }) => headers['x-amz-security-token'])
    expect(findViolations(own)).toEqual({
      operations: [
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'kms:GetPublicKey',
        'kms:Sign',
        'ssm:GetParameter',
      ],
      violations: [],
    })
  })

  test('each signature by KMS has one line in the log', () => {
    const asked = calls
      .filter(({ headers }) => headers['x-amz-security-token'])
      .filter(({ headers }) => headers['x-amz-target'] === 'TrentService.Sign')
      .map(({ body }) => JSON.parse(body).Message)
      .map((digest) => `0x${Buffer.from(digest, 'base64').toString('hex')}`)
    const lines = stack.lines
      .map((line) => /^treasury-sender: (.*"signed".*)$/s.exec(line)?.[1])
      .flatMap((line) => (line === undefined ? [] : [JSON.parse(line)]))
    // Two payments, although the first was requested several times.
    expect(asked.length).toBe(2)
    const id = /^[\da-f-]{36}$/
    expect(lines).toEqual(
      asked.map((digest, nonce) => ({
        ...{ level: 'INFO', timestamp: expect.any(String), message: 'signed' },
        ...{ caller: 'payouts', purpose: 'request', digest },
        key_id: expect.any(String),
        transaction_id: lines[nonce].transaction_id,
        ...{ network: 'local', chain_id: 31337 },
        hash: expect.stringMatching(/^0x[\da-f]{64}$/),
        kms_request_id: expect.stringMatching(id),
      })),
    )
    const sent = stack.lines.filter((line) => line.includes('"sending"'))
    for (const { hash, transaction_id } of lines)
      expect(
        sent.some(
          (line) => line.includes(hash) && line.includes(transaction_id),
        ),
      ).toBe(true)
    expect(new Set(lines.map((line) => line.kms_request_id)).size).toBe(2)
  })

  const operator = () => ({
    endpoint: stack.home.endpoint,
    region: stack.home.region,
    credentials: stack.home.credentials('operator'),
  })
  async function readLogs() {
    const client = new CloudWatchLogsClient(operator())
    const { logGroups = [] } = await client.send(
      new DescribeLogGroupsCommand({}),
    )
    let text = ''
    for (const { logGroupName } of logGroups)
      text += JSON.stringify(
        await client.send(new FilterLogEventsCommand({ logGroupName })),
      )
    client.destroy()
    for (const word of ['sending', 'reconciled', 'SecretError'])
      expect([word, text.includes(word)]).toEqual([word, true])
    return text
  }
  async function readLedger() {
    const client = new DynamoDBClient(operator())
    const { TableNames = [] } = await client.send(new ListTablesCommand({}))
    const { Items } = await client.send(
      new ScanCommand({ TableName: TableNames[0] }),
    )
    client.destroy()
    return Items
  }
})
