import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
const secret = `arn:aws:secretsmanager:${account}:secret:treasury-rpc`
const sender = 'treasury-sender:payouts'

describe.skipIf(without('aws'))('an endpoint in an SSM parameter', () => {
  let stack: SendingStack
  let provider: Awaited<ReturnType<typeof startProvider>>
  beforeAll(async () => {
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
    const reason = `${parameter} could not be read: SSM refused GetParameter: ParameterNotFound.`
    expect(await stack.invoke('treasury-reconciler', {}, 'operator')).toEqual({
      errorType: 'SecretError',
      errorMessage: expect.stringContaining(
        `${reason}\nNothing was sent. Check the ARN in the function's environment, and that its role may read it.\nSee docs/errors/secret-unreadable.md`,
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
    expect(said.includes(`${provider.origin} cannot be reached`)).toBe(true)
    for (const part of [key, '/v3/']) expect(said.includes(part)).toBe(false)
    const ledger = await stack.aws(
      ...['dynamodb', 'scan', '--table-name', await ledgerName()],
    )
    expect(ledger.stdout.includes('second')).toBe(true)
    expect(ledger.stdout.includes(key)).toBe(false)
  }, 60_000)

  async function readLogs() {
    const { stdout } = await stack.aws('logs', 'describe-log-groups')
    const { logGroups } = JSON.parse(stdout)
    let text = ''
    for (const { logGroupName } of logGroups) {
      const ran = await stack.aws(
        ...['logs', 'filter-log-events', '--log-group-name', logGroupName],
      )
      text += ran.stdout
    }
    for (const word of ['sending', 'reconciled', 'SecretError'])
      expect([word, text.includes(word)]).toEqual([word, true])
    return text
  }
  async function ledgerName() {
    const { stdout } = await stack.aws('dynamodb', 'list-tables')
    return JSON.parse(stdout).TableNames[0]
  }
})

test.skipIf(without('aws'))(
  'a parameter that the role may not read ends in a typed error that says so',
  async () => {
    const stack = await openSendingStack({ rpcUrl: parameter }, (template) => {
      let count = 0
      for (const { Properties } of Object.values(template.Resources)) {
        const policy = Properties.PolicyDocument as
          | { Statement: { Sid?: string }[] }
          | undefined
        const kept = policy?.Statement.filter(
          ({ Sid }) => Sid !== 'ReadParameters',
        )
        if (!policy || !kept || kept.length === policy.Statement.length)
          continue
        policy.Statement = kept
        count++
      }
      expect(count).toBe(2)
    })
    const put = await stack.aws(
      ...['ssm', 'put-parameter', '--name', '/treasury/rpc'],
      ...['--type', 'String', '--value', 'plain'],
    )
    expect(put.stderr).toBe('')
    const reason = `${parameter} could not be read: SSM refused GetParameter: AccessDeniedException.`
    expect(
      await stack.invoke('treasury-reconciler', {}, 'operator'),
    ).toMatchObject({
      errorType: 'SecretError',
      errorMessage: expect.stringContaining(reason),
    })
    expect(await stack.invoke(sender, payment('a'))).toMatchObject({
      status: 'accepted',
      problem: reason,
    })
    await stack.close()
  },
  120_000,
)

describe.skipIf(without('aws'))('an endpoint in a secret', () => {
  const open = async (network: string) => {
    const stack = await openSendingStack({ network, rpcUrl: secret })
    const provider = await startProvider(() => stack.rpcUrl)
    const { stderr } = await stack.aws(
      ...['secretsmanager', 'create-secret', '--name', 'treasury-rpc'],
      ...['--secret-string', await stack.fileOf(provider.url)],
    )
    expect(stderr).toBe('')
    return {
      stack,
      provider,
      close: async () => {
        await stack.close()
        await provider.close()
      },
    }
  }

  test('sends through the alias of a caller, without the signers', async () => {
    const { stack, provider, close } = await open('local')
    expect(stack.home.functions().map(({ name }) => name)).toEqual([
      'treasury-reconciler',
      'treasury-sender',
    ])
    expect(await stack.invoke(sender, payment('a'))).toMatchObject({
      nonce: 0,
      status: 'sent',
    })
    expect(await stack.invoke('treasury-sender', payment('b'))).toMatchObject({
      errorType: 'CallerNotAllowedError',
    })
    expect(provider.count()).toBeGreaterThan(2)
    expect(JSON.stringify(stack.lines)).not.toContain(key)
    await close()
  }, 120_000)

  test('does not send over another chain', async () => {
    const { stack, close } = await open('sepolia')
    const answer = await stack.invoke(sender, payment('a'))
    expect(JSON.stringify(answer)).toMatch(/chain/)
    expect(answer.signed_tx_hash ?? null).toBeNull()
    expect(
      await stack.rpc('eth_getTransactionCount', [stack.address, 'pending']),
    ).toBe('0x0')
    await close()
  }, 120_000)
})
