import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import {
  refuse,
  startScriptedKms,
  type Turn,
} from '../../../../test/support/startScriptedKms.js'

// A process may serve many invocations at once (Lambda Managed Instances), each
// with its own deadline. One must not affect another.

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f'
const count = 16
const [late, denied, throttled] = [0, 5, 11]
/** The part of an invocation's time that is reserved. */
const reserveMs = 200

const memory = createMemoryKey()
let kms: Awaited<ReturnType<typeof startScriptedKms>>
beforeAll(async () => {
  kms = await startScriptedKms(memory)
  const environment = {
    KMS_KEY_ID: 'alias/a',
    ETH_NETWORK: 'local',
    LOG_LEVEL: 'ERROR',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: kms.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }
  for (const [name, value] of Object.entries(environment))
    vi.stubEnv(name, value)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await kms.close()
})

test("of sixteen concurrent invocations, three that fail don't affect the others", async () => {
  const { handler } = await import('../functions/legacy-signer.js')
  const { PublicKey, Transaction } = await import('@keyward/core')
  const digests = Array.from({ length: count }, (_, nonce) =>
    Transaction.getSignPayload({
      ...{ type: 'legacy', chainId: 31337, nonce: BigInt(nonce) },
      ...{ gas: 21_000n, gasPrice: 2n, value: 0n, data: '0x', to },
    }),
  )
  const held: (() => void)[] = []
  let asked = 0
  const turn: Turn = (request, response, body) => {
    kms.script.push(turn)
    const { Message } = JSON.parse(body) as { Message?: string }
    // The first to fetch the public key is the one without time.
    if (Message === undefined && asked++ === 0) return
    const hex = Buffer.from(Message ?? '', 'base64').toString('hex')
    const nonce = digests.indexOf(`0x${hex}`)
    if (nonce === late) return
    if (nonce === denied)
      return refuse(400, 'AccessDeniedException')(request, response, body)
    if (nonce === throttled)
      return refuse(400, 'ThrottlingException')(request, response, body)
    // All others wait until those three are done.
    held.push(() => void kms.answer(request, response, body))
  }
  kms.script.push(turn)
  const invoke = (nonce: number) =>
    handler(
      {
        ...{ operation: 'sign', dst_address: to, amount: '0', nonce },
        gas_price: 2,
      },
      {
        awsRequestId: String(nonce),
        invokedFunctionArn: functionArn,
        getRemainingTimeInMillis: () =>
          nonce === late ? 300 + reserveMs : 60_000 + nonce,
      },
    ).catch((error: { name: string; code: string }) => error)
  const running = Array.from({ length: count }, (_, nonce) => invoke(nonce))
  const failures = await Promise.all(
    [late, denied, throttled].map((nonce) => running[nonce]),
  )
  expect(failures).toMatchObject([
    { code: 'kms-timeout' },
    { awsCode: 'AccessDeniedException' },
    { awsCode: 'ThrottlingException' },
  ])
  const free = setInterval(() => {
    for (const letGo of held.splice(0)) letGo()
  }, 5)
  const answers = await Promise.all(running)
  clearInterval(free)
  const account = PublicKey.toAddress(PublicKey.fromSpki(memory.spki))
  for (const [nonce, answer] of answers.entries()) {
    if ([late, denied, throttled].includes(nonce)) continue
    const { signed_tx: raw } = answer as { signed_tx: `0x${string}` }
    const { transaction, from } = await Transaction.decode(raw)
    expect([transaction.nonce, from]).toEqual([BigInt(nonce), account])
  }
  expect(kms.requests.filter(({ target }) => target === 'Sign')).toHaveLength(
    // A throttled call is tried three times.
    count + 2,
  )
})
