import { describe, expect, test } from 'vitest'
import { openSendingStack, payment } from '../support/openSendingStack.js'
import { key, startProvider } from '../support/startProvider.js'
import { without } from '../support/tools.js'

const account = 'us-east-1:000000000000'
const parameter = `arn:aws:ssm:${account}:parameter/treasury/rpc`
const secret = `arn:aws:secretsmanager:${account}:secret:treasury-rpc`
const sender = 'treasury-sender:payouts'

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
    const reason = `${parameter} could not be read: SSM returned AccessDeniedException for GetParameter.`
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
