import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { Agent } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { median, readRss } from '../support/readRss.js'
import { sendHttp } from '../support/sendHttp.js'
import { signRequest } from '../support/signRequest.js'

// Many signatures by one process, whose memory may not grow with them.

const count = 200_000
const samples = 40
const warmUp = samples / 4
// The heap breathes by this much. Over the long run it is what a leak of 100
// bytes a signature would come to.
const slackMb = 16
const concurrency = 8

let home: RunningHome
let credentials: { accessKeyId: string; secretAccessKey: string }
const agent = new Agent({ keepAlive: true, maxSockets: concurrency })

beforeAll(async () => {
  home = await startLocalHome({ args: ['--no-chain'] })
  const env = await home.env('user')
  credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
  }
})
afterAll(async () => {
  agent.destroy()
  await home.close()
})

async function call(operation: string, input: object) {
  const { endpoint } = home.ready
  const body = JSON.stringify(input)
  const headers = signRequest({
    credentials,
    region: 'us-east-1',
    service: 'kms',
    now: Date.now(),
    body,
    headers: {
      host: new URL(endpoint).host,
      'content-type': 'application/x-amz-json-1.1',
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-target': `TrentService.${operation}`,
    },
  })
  const answer = await sendHttp(endpoint, { headers, body, agent })
  if (answer.status !== 200) throw new Error(answer.body)
  return JSON.parse(answer.body) as Record<string, string>
}

test(`memory stays flat over ${count} signatures`, async () => {
  const KeyId = home.key.keyId
  const spki = (await call('GetPublicKey', { KeyId })).PublicKey ?? ''
  const publicKey = createPublicKey({
    key: Buffer.from(spki, 'base64'),
    format: 'der',
    type: 'spki',
  })
  async function sign(i: number) {
    const message = randomBytes(20)
    const digest = createHash('sha256').update(message).digest()
    const { Signature = '' } = await call('Sign', {
      KeyId,
      Message: digest.toString('base64'),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    })
    const der = Buffer.from(Signature, 'base64')
    if (i % 100 === 0)
      expect(verify('sha256', message, publicKey, der)).toBe(true)
  }

  const rss: number[] = []
  let done = 0
  const start = performance.now()
  const work = async () => {
    while (done < count) {
      const i = done++
      await sign(i)
      if ((i + 1) % (count / samples) === 0)
        rss.push(readRss(home.child.pid ?? 0))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const seconds = (performance.now() - start) / 1000

  const settled = rss.slice(warmUp)
  const third = Math.floor(settled.length / 3)
  const early = median(settled.slice(0, third))
  const late = median(settled.slice(-third))
  console.log(
    `${count} signatures in ${seconds.toFixed(0)} s (${(count / seconds).toFixed(0)}/s, client on the same cores); memory of the home: ${early.toFixed(0)} MB early, ${late.toFixed(0)} MB late, highest ${Math.max(...rss).toFixed(0)} MB`,
  )
  expect(rss).toHaveLength(samples)
  expect(late - early).toBeLessThan(slackMb)
}, 1_200_000)
