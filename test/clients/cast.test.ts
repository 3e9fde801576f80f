import { randomBytes } from 'node:crypto'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { recoverAuthorizationAddress } from 'viem/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castPath } from '../support/castPath.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { run, runCli } from '../support/runCli.js'

// Foundry's cast and the AWS SDK against `keyward local` as it is: the same
// key is the same account for everyone.

let home: RunningHome
let user: Record<string, string>
const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

async function ran(...args: string[]) {
  return run(castPath(), args, { env: user })
}
async function cast(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await ran(...args)
  if (code !== 0) throw new Error(`cast ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

beforeAll(async () => {
  home = await startLocalHome()
  user = await home.env('user')
  const ether = `0x${(10n ** 18n).toString(16)}`
  await cast('rpc', 'anvil_setBalance', home.key.address, ether)
})
afterAll(() => home.close())

describe('one address', () => {
  test.each([
    ['id', () => home.key.keyId],
    ['ARN', () => home.key.arn],
    ['alias', () => 'alias/keyward-dev'],
    ['alias ARN', () => home.key.arn.replace(/key\/.*$/, 'alias/keyward-dev')],
  ])('by cast, with the %s of the key', async (_what, id) => {
    const { code, stdout } = await run(
      castPath(),
      ['wallet', 'address', '--aws'],
      {
        env: { ...user, AWS_KMS_KEY_ID: id() },
      },
    )
    expect([code, stdout.trim()]).toEqual([0, home.key.address])
  })

  test('by every function that is asked for it, through the AWS SDK', async () => {
    const client = new LambdaClient({
      endpoint: home.ready.endpoint,
      region: 'us-east-1',
      credentials: {
        accessKeyId: user.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: user.AWS_SECRET_ACCESS_KEY ?? '',
      },
    })
    const asked = home.ready.functions.filter(
      // The reconciler is started by the clock and answers what it did.
      ({ name }) => !name.endsWith('-reconciler'),
    )
    expect(asked).toHaveLength(4)
    for (const { name } of asked) {
      const { Payload, FunctionError, ...answer } = await client.send(
        new InvokeCommand({
          FunctionName: name,
          Payload: JSON.stringify({ operation: 'status' }),
        }),
      )
      expect([answer.StatusCode, FunctionError]).toEqual([200, undefined])
      expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({
        eth_checksum_address: home.key.address,
        key_id: home.key.arn,
      })
    }
    client.destroy()
  })

  test('by keyward', async () => {
    const args = ['key', 'address', '--key', home.key.keyId]
    expect(await runCli(args, { env: user })).toMatchObject({
      code: 0,
      stdout: `${home.key.address}\n`,
    })
  })
})

describe('signatures', () => {
  const verify = ['wallet', 'verify', '--address']

  test('of messages verify, and of another message do not', async () => {
    // s is high in half of what KMS answers: cast has to lower it.
    for (let i = 0; i < 8; i++) {
      const signature = await cast('wallet', 'sign', '--aws', `message ${i}`)
      const address = home.key.address
      expect(
        await cast(...verify, address, `message ${i}`, signature),
      ).toContain('Validation succeeded.')
      const other = await ran(...verify, address, 'another', signature)
      expect(other.code).not.toBe(0)
    }
  })

  test('of a digest verify', async () => {
    const digest = `0x${randomBytes(32).toString('hex')}`
    const signature = await cast('wallet', 'sign', '--aws', '--no-hash', digest)
    const address = home.key.address
    expect(
      await cast(...verify, address, '--no-hash', digest, signature),
    ).toContain('Validation succeeded.')
  })

  test('of keyward verify by cast, and of cast by keyward', async () => {
    const address = home.key.address
    const signed = await runCli(
      ['sign', 'message', '--key', home.key.keyId, '--in', '-', '--json'],
      { env: user, input: 'hello' },
    )
    const { signature } = JSON.parse(signed.stdout)
    expect(await cast(...verify, address, 'hello', signature)).toContain(
      'Validation succeeded.',
    )
    const input = JSON.stringify({
      message: 'hello',
      signature: await cast('wallet', 'sign', '--aws', 'hello'),
    })
    const args = ['verify', '--address', address, '--in', '-', '--json']
    const verified = await runCli(args, { input })
    expect(JSON.parse(verified.stdout)).toEqual({ valid: true, address })
  })

  test('of an authorisation recover to the key', async () => {
    const signed = await cast(
      ...['wallet', 'sign-auth', '--aws', to],
      ...['--chain', '31337', '--nonce', '5'],
    )
    const list = JSON.parse(await cast('from-rlp', signed)) as string[]
    const [chainId, address, nonce, yParity, r, s] = list
    expect([chainId, address, nonce]).toEqual([
      '0x7a69',
      to.toLowerCase(),
      '0x05',
    ])
    expect(
      await recoverAuthorizationAddress({
        authorization: {
          chainId: 31337,
          address: to,
          nonce: 5,
          r: r as `0x${string}`,
          s: s as `0x${string}`,
          yParity: yParity === '0x01' ? 1 : 0,
        },
      }),
    ).toBe(home.key.address)
  })
})

describe('transactions', () => {
  test.each([
    ['0x2', []],
    ['0x0', ['--legacy']],
  ])('of type %s are mined', async (type, flags) => {
    const sent = await cast(
      ...['send', '--aws', '--json', ...flags, to, '--value', '1'],
    )
    expect(JSON.parse(sent)).toMatchObject({
      type,
      status: '0x1',
      from: home.key.address.toLowerCase(),
      to: to.toLowerCase(),
    })
  })

  test('that were only made can be broadcast', async () => {
    const raw = await cast('mktx', '--aws', to, '--value', '1')
    const receipt = JSON.parse(await cast('publish', '--json', raw))
    expect(receipt).toMatchObject({
      status: '0x1',
      type: '0x2',
      from: home.key.address.toLowerCase(),
    })
  })

  test('are refused by name when the key may not sign', async () => {
    const breakGlass = await home.env('break-glass')
    const made = await run(castPath(), ['wallet', 'sign', '--aws', 'x'], {
      env: breakGlass,
    })
    expect(made.code).not.toBe(0)
    expect(made.stderr).toContain('AccessDeniedException')
    expect(made.stdout).toBe('')
  })
})
