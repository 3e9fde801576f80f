import {
  DescribeKeyCommand,
  type KMSServiceException,
  SignCommand,
} from '@aws-sdk/client-kms'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connectKms } from './support/connectKms.js'
import { startLocalHome } from './support/localHome.js'
import { openStackedHome, signEvents } from './support/openStackedHome.js'
import { runInProcess } from './support/runInProcess.js'

// Bad days on demand, and what the functions make of them.

const name = 'keyward-dev-eip1559-signer'
const event = signEvents[name] ?? {}

describe('the flags of keyward local', () => {
  test('hold from the start and change while it runs', async () => {
    const flags = ['--kms-latency', '120', '--kms-throttle', '1', '--no-chain']
    const home = await startLocalHome({ args: flags })
    const env = await home.env('user')
    const client = connectKms(env, { maxAttempts: 1 })
    const KeyId = home.key.keyId
    const answer = (sending: Promise<unknown>) =>
      sending.then(
        () => 'ok',
        (error: KMSServiceException) =>
          `${error.name} ${error.$metadata.httpStatusCode}`,
      )
    const describeKey = () =>
      answer(client.send(new DescribeKeyCommand({ KeyId })))
    const sign = () =>
      answer(
        client.send(
          new SignCommand({
            KeyId,
            Message: new Uint8Array(32).fill(1),
            MessageType: 'DIGEST',
            SigningAlgorithm: 'ECDSA_SHA_256',
          }),
        ),
      )
    async function change(...args: string[]) {
      const command = ['local', 'faults', '--data-dir', home.dataDir, '--json']
      const { code, stdout } = await runInProcess([...command, ...args], {})
      expect(code).toBe(0)
      return JSON.parse(stdout)
    }

    const start = performance.now()
    expect(await describeKey()).toBe('ok')
    expect(performance.now() - start).toBeGreaterThanOrEqual(119)
    // One a second: both leave at once, and a second is longer than they take.
    const together = await Promise.all([sign(), sign()])
    expect(together.sort()).toEqual(['ThrottlingException 400', 'ok'])
    expect(await describeKey()).toBe('ok')

    expect(
      await change('--kms-throttle', '0', '--kms-error-rate', '1'),
    ).toEqual({
      kmsLatencyMs: 120,
      kmsThrottle: 0,
      kmsErrorRate: 1,
      clockSkewS: 0,
    })
    expect([await sign(), await describeKey()]).toEqual(
      Array(2).fill('KMSInternalException 500'),
    )

    const off = ['--kms-latency', '0', '--kms-error-rate', '0']
    expect(await change(...off, '--clock-skew', '600')).toEqual({
      kmsLatencyMs: 0,
      kmsThrottle: 0,
      kmsErrorRate: 0,
      clockSkewS: 600,
    })
    expect(await sign()).toBe('InvalidSignatureException 400')
    // The command line has a client that corrects its clock, as users have.
    const args = ['sign', 'message', '--key', KeyId, '--in', '-', '--json']
    const signed = await runInProcess(args, env, { input: 'hello' })
    expect([signed.code, JSON.parse(signed.stdout).address]).toEqual([
      0,
      home.key.address,
    ])
    client.destroy()
    await home.close()
  })
})

describe('functions', () => {
  let stacked: Awaited<ReturnType<typeof openStackedHome>>
  beforeAll(async () => {
    stacked = await openStackedHome()
    expect((await stacked.invoke(name, event)).error).toBeUndefined()
  })
  afterAll(() => stacked.close())
  afterEach(() =>
    stacked.home.setFaults({
      kmsLatencyMs: 0,
      kmsThrottle: 0,
      kmsErrorRate: 0,
      clockSkewS: 0,
    }),
  )
  const signs = () => stacked.home.stats().operations['kms:Sign'] ?? 0

  /** Ends the bad day as soon as one more request has run into it. */
  async function recoverAfterOne() {
    const before = signs()
    while (signs() === before)
      await new Promise((resolve) => setImmediate(resolve))
    stacked.home.setFaults({ kmsThrottle: 0, kmsErrorRate: 0 })
  }

  test.each([
    ['throttling', { kmsThrottle: 0.001 }],
    ['an internal error', { kmsErrorRate: 1 }],
  ])('sign through %s that passes', async (_what, fault) => {
    // The first empties the bucket that throttling leaves.
    stacked.home.setFaults({ kmsThrottle: 0.001 })
    await stacked.invoke(name, event)
    stacked.home.setFaults({ kmsThrottle: 0, ...fault })
    const before = signs()
    const [answer] = await Promise.all([
      stacked.invoke(name, event),
      recoverAfterOne(),
    ])
    expect([answer.error, answer.payload.errorMessage]).toEqual([
      undefined,
      undefined,
    ])
    expect(signs() - before).toBeGreaterThan(1)
  })

  test.each([
    ['throttling', { kmsThrottle: 0.001 }, 'ThrottlingException'],
    ['internal errors', { kmsErrorRate: 1 }, 'KMSInternalException'],
  ])('name %s that last, and sign nothing', async (_what, fault, type) => {
    stacked.home.setFaults({ kmsThrottle: 0.001 })
    await stacked.invoke(name, event)
    stacked.home.setFaults({ kmsThrottle: 0, ...fault })
    const before = signs()
    const { error, payload } = await stacked.invoke(name, event)
    expect(error).toBe('Unhandled')
    expect(payload.errorType).toBe('KmsServiceError')
    expect(payload.errorMessage).toContain(`KMS returned ${type} for Sign.`)
    expect(signs() - before).toBe(3)
  })

  test.each([600, -600])('correct a clock that is %i s off', async (skew) => {
    stacked.home.setFaults({ clockSkewS: skew })
    const client = new LambdaClient({
      endpoint: stacked.home.endpoint,
      region: stacked.home.region,
      credentials: stacked.home.credentials('user'),
    })
    for (const [name, event] of Object.entries(signEvents)) {
      const Payload = JSON.stringify(event)
      const invoke = async () => {
        const { FunctionError } = await client.send(
          new InvokeCommand({ FunctionName: name, Payload }),
        )
        expect(FunctionError).toBeUndefined()
      }
      await invoke()
      const before = stacked.home.stats()
      await invoke()
      // Corrected once, it stays so: one request again.
      const after = stacked.home.stats()
      expect(after.requests - before.requests).toBe(2)
    }
    client.destroy()
  })
})
