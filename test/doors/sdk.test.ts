import {
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  Message,
  recoverAddress,
  SigningKey,
} from '../../packages/core/src/index.js'
import { fromSdk, SdkAnswerError } from '../../packages/core/src/sdk/index.js'
import { createMemoryKey } from '../support/memoryKeyService.js'
import { startHome } from '../support/startHome.js'
import { startScriptedKms } from '../support/startScriptedKms.js'

let home: Awaited<ReturnType<typeof startHome>>
beforeAll(async () => {
  home = await startHome()
})
afterAll(() => home.close())

test("the SDK's client and the lean client are the same key", async () => {
  const service = fromSdk(home.sdk)
  const key = await SigningKey.connect({ service, keyId: home.keyId })
  expect(key.address).toBe(home.key.address)
  expect(key.publicKey).toEqual(home.key.publicKey)
  const [{ spki, keyRef }, lean] = await Promise.all([
    service.getPublicKey(home.keyId),
    home.service.getPublicKey(home.keyId),
  ])
  expect(keyRef).toBe(lean.keyRef)
  expect(Buffer.from(spki)).toEqual(lean.spki)
})

test('one Sign for each signature, with its request id, on kept connections', async () => {
  const service = fromSdk(home.sdk)
  const key = await SigningKey.connect({ service, keyId: home.keyId })
  const [signs, { connections }] = [home.signs(), home.home.stats()]
  for (let i = 0; i < 10; i++) {
    const { requestId } = await key.sign({
      kind: 'message',
      message: `message ${i}`,
    })
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
  }
  expect(home.signs() - signs).toBe(10)
  expect(home.home.stats().connections).toBe(connections)
  const signature = await Message.sign(key, 'hello')
  expect(await recoverAddress(Message.getSignPayload('hello'), signature)).toBe(
    key.address,
  )
})

test('its own errors pass through', async () => {
  const key = await SigningKey.connect({
    service: fromSdk(home.sdk),
    keyId: home.keyId,
  })
  await home.sdk.send(new DisableKeyCommand({ KeyId: home.keyId }))
  await expect(Message.sign(key, 'hello')).rejects.toMatchObject({
    name: 'DisabledException',
    message: `${home.keyId} is disabled.`,
  })
  await home.sdk.send(new EnableKeyCommand({ KeyId: home.keyId }))
  await Message.sign(key, 'hello')
})

test('an answer without its members is refused', async () => {
  const service = fromSdk({ send: async () => ({ $metadata: {} }) } as never)
  for (const [call, operation] of [
    [service.getPublicKey('k'), 'GetPublicKey'],
    [service.signDigest('k', new Uint8Array(32)), 'Sign'],
  ] as const) {
    const error = await call.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(SdkAnswerError)
    expect(
      (error as Error).message,
    ).toBe(`The response to ${operation} is incomplete.
Check that the endpoint is KMS.
See docs/errors/kms-response.md`)
  }
})

test("the caller's deadline and signal end its calls", async () => {
  const kms = await startScriptedKms(createMemoryKey())
  const silent = () => {}
  kms.script.push(silent, silent)
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' }
  const client = new KMSClient({
    ...{ region: 'us-east-1', endpoint: kms.endpoint, credentials },
  })
  const service = fromSdk(client)
  const deadline = Date.now() + 100
  await expect(
    service.signDigest('k', new Uint8Array(32), { deadline }),
  ).rejects.toMatchObject({ code: 'kms-timeout' })
  const signal = AbortSignal.timeout(100)
  await expect(
    service.getPublicKey('k', { deadline: Date.now() + 60_000, signal }),
  ).rejects.toMatchObject({ name: 'AbortError' })
  client.destroy()
  await kms.close()
})
