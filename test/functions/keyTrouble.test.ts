import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sampled } from '../support/sampled.js'
import { type Outcome, startFunctions } from '../support/startFunctions.js'
import { startTamperingProxy } from '../support/startTamperingProxy.js'
import { importKey, newPkcs8 } from '../support/wrapKeyMaterial.js'

type Functions = Awaited<ReturnType<typeof startFunctions>>
let functions: Functions
let proxy: Awaited<ReturnType<typeof startTamperingProxy>>

const event = {
  operation: 'sign',
  dst_address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  amount: '1',
  nonce: 0,
  max_fee_per_gas: 1,
  max_priority_fee_per_gas: 1,
}
const status = { operation: 'status' }

beforeAll(async () => {
  functions = await startFunctions()
  proxy = await startTamperingProxy(functions.kmsServer.endpoint)
})
afterAll(async () => {
  await proxy.close()
  await functions.close()
})
beforeEach(() => {
  proxy.tamper = (answer) => answer
  Object.assign(functions.kms.faults, {
    kmsLatencyMs: 0,
    kmsThrottle: 0,
    kmsErrorRate: 0,
  })
  functions.clock.skewMs = 0
})

const deploy = (
  KMS_KEY_ID: string,
  more: Record<string, string> = {},
  s = 10,
) => functions.deploy('eip1559-signer', { KMS_KEY_ID, ...more }, s)

/** A named error and no signature; answers the type and the message. */
function refused({ error, payload }: Outcome): string {
  expect(error).toBe('Unhandled')
  expect(Object.keys(payload).sort()).toEqual([
    'errorMessage',
    'errorType',
    'trace',
  ])
  expect(JSON.stringify(payload)).not.toMatch(/0x02f8/)
  return `${payload.errorType}: ${payload.errorMessage}`
}

describe('a key that cannot sign', () => {
  test('missing', async () => {
    const name = await functions.deploy('eip1559-signer', {})
    const outcome = refused(await functions.invoke(name, event))
    expect(outcome).toMatch(/^InvalidConfigError: .*\n- KMS_KEY_ID: is missing/)
  })

  test('unknown', async () => {
    const ids = [
      '00000000-0000-4000-8000-000000000000',
      'alias/nobody',
      'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000',
    ]
    for (const id of sampled(ids, 3)) {
      const name = await deploy(id)
      for (const request of [event, status])
        expect(refused(await functions.invoke(name, request))).toMatch(
          /^KmsServiceError: KMS returned NotFoundException for \w+\./,
        )
    }
  })

  test('disabled, and enabled again', async () => {
    const { keyId, arn } = await functions.kms.createKey()
    const name = await deploy(arn)
    const first = await functions.invoke(name, event)
    expect(first.error).toBeUndefined()
    await functions.kms.ok('DisableKey', { KeyId: keyId })
    expect(refused(await functions.invoke(name, event))).toMatch(
      /^KmsServiceError: KMS returned DisabledException for Sign\./,
    )
    expect(refused(await functions.invoke(name, status))).toMatch(
      /^KmsServiceError: /,
    )
    await functions.kms.ok('EnableKey', { KeyId: keyId })
    expect((await functions.invoke(name, event)).error).toBeUndefined()
  })

  test('pending import, then imported', async () => {
    const { keyId, arn } = await functions.kms.createKey({ Origin: 'EXTERNAL' })
    const name = await deploy(arn)
    for (const request of [event, status])
      expect(refused(await functions.invoke(name, request))).toMatch(
        /^KmsServiceError: KMS returned KMSInvalidStateException for \w+\./,
      )
    expect((await importKey(functions.kms, keyId, newPkcs8())).status).toBe(200)
    expect((await functions.invoke(name, event)).error).toBeUndefined()
  })

  test('pending deletion', async () => {
    const { keyId, arn } = await functions.kms.createKey()
    const name = await deploy(arn)
    await functions.kms.ok('ScheduleKeyDeletion', { KeyId: keyId })
    for (const request of [event, status])
      expect(refused(await functions.invoke(name, request))).toMatch(
        /^KmsServiceError: KMS returned KMSInvalidStateException for \w+\./,
      )
  })

  test('of another address than the pinned one', async () => {
    const { arn } = await functions.kms.createKey()
    const KEYWARD_ADDRESS = event.dst_address
    const name = await deploy(arn, { KEYWARD_ADDRESS })
    expect(refused(await functions.invoke(name, event))).toMatch(
      /^InvalidSignatureError: /,
    )
    expect(refused(await functions.invoke(name, status))).toMatch(
      /^AddressMismatchError: /,
    )
  })
})

test('an alias that moved stops signing for good', async () => {
  const [a, b] = [
    await functions.kms.createKey(),
    await functions.kms.createKey(),
  ]
  const AliasName = 'alias/moving'
  await functions.kms.ok('CreateAlias', { AliasName, TargetKeyId: a.keyId })
  const names = [await deploy(AliasName), await deploy(AliasName)]
  for (const name of names)
    expect((await functions.invoke(name, event)).error).toBeUndefined()
  await functions.kms.ok('UpdateAlias', { AliasName, TargetKeyId: b.keyId })
  for (const [index, request] of [event, status].entries())
    expect(
      refused(await functions.invoke(names[index] ?? '', request)),
    ).toMatch(/^KeyChangedError: The key behind alias\/moving has changed\./)
  await functions.kms.ok('UpdateAlias', { AliasName, TargetKeyId: a.keyId })
  for (const name of names)
    expect(refused(await functions.invoke(name, event))).toMatch(
      /^KeyChangedError: /,
    )
})

describe('bad days of KMS', () => {
  let name = ''
  beforeAll(async () => {
    name = await deploy((await functions.kms.createKey()).arn)
    expect((await functions.invoke(name, event)).error).toBeUndefined()
  })

  test('throttling that lasts is named', async () => {
    functions.kms.faults.kmsThrottle = 0.001
    const outcomes: Outcome[] = []
    for (let i = 0; i < 2; i++)
      outcomes.push(await functions.invoke(name, event))
    expect(refused(outcomes[1] as Outcome)).toMatch(
      /^KmsServiceError: KMS returned ThrottlingException for Sign\./,
    )
  })

  test('an error that passes is survived, one that lasts is named', async () => {
    functions.kms.faults.kmsErrorRate = 1
    expect(refused(await functions.invoke(name, event))).toMatch(
      /^KmsServiceError: KMS returned KMSInternalException for Sign\./,
    )
    functions.kms.faults.kmsErrorRate = 0
    expect((await functions.invoke(name, event)).error).toBeUndefined()
  })

  test('an answer later than the function lives ends before it', async () => {
    const { arn } = await functions.kms.createKey()
    const slow = await deploy(arn, {}, 2)
    functions.kms.faults.kmsLatencyMs = 5000
    expect(refused(await functions.invoke(slow, event))).toMatch(
      /^KmsTimeoutError: /,
    )
  })

  test('a clock that is 10 minutes off is corrected, either way', async () => {
    const { arn } = await functions.kms.createKey()
    for (const skewMs of [600_000, -600_000]) {
      functions.clock.skewMs = skewMs
      const skewed = await deploy(arn)
      expect((await functions.invoke(skewed, event)).error).toBeUndefined()
      // The correction is remembered: one request for one signature.
      const before = functions.kmsServer.stats().requests
      expect((await functions.invoke(skewed, event)).error).toBeUndefined()
      expect(functions.kmsServer.stats().requests - before).toBe(1)
    }
  })
})

describe('answers that are not what KMS would say', () => {
  const other = async (arn: string, operation: string, input: object) =>
    JSON.stringify({
      ...(await functions.kms.ok(operation, input)),
      KeyId: arn,
    })

  async function deployBehindProxy(more: Record<string, string> = {}) {
    const { arn } = await functions.kms.createKey()
    const name = await deploy(arn, {
      AWS_ENDPOINT_URL_KMS: proxy.endpoint,
      ...more,
    })
    expect((await functions.invoke(name, status)).error).toBeUndefined()
    return { arn, name }
  }

  test('cut off, garbage, incomplete', async () => {
    const { arn, name } = await deployBehindProxy()
    const answer = (fields: object) => JSON.stringify(fields)
    const bodies = [
      ...['', '{', 'null', '[]', '<html>', 'x'.repeat(2_000_000)],
      answer({ KeyId: 5, Signature: 'MAYCAQECAQE=' }),
      answer({ KeyId: arn }),
      answer({ KeyId: arn, Signature: '????' }),
      answer({ Signature: 'MAYCAQECAQE=' }),
    ]
    for (const body of bodies) {
      proxy.tamper = () => ({ body })
      expect(
        refused(await functions.invoke(name, event)),
        body.slice(0, 40),
      ).toMatch(/^KmsResponseError: /)
    }
    proxy.tamper = () => 'cut'
    expect(refused(await functions.invoke(name, event))).toMatch(
      /^(KmsResponseError|KmsUnreachableError): /,
    )
    // Whole answers whose signature is no signature of this key: r = s = 1,
    // no DER, nothing.
    for (const Signature of ['MAYCAQECAQE=', 'AAAA', 'MAYCAQECAQEA']) {
      proxy.tamper = () => ({ body: answer({ KeyId: arn, Signature }) })
      expect(refused(await functions.invoke(name, event))).toMatch(
        /^InvalidSignatureError: /,
      )
    }
    proxy.tamper = (untouched) => untouched
    expect((await functions.invoke(name, event)).error).toBeUndefined()
  })

  test('nothing at all', async () => {
    const { arn } = await functions.kms.createKey()
    const name = await deploy(arn, { AWS_ENDPOINT_URL_KMS: proxy.endpoint }, 2)
    proxy.tamper = () => 'silence'
    expect(refused(await functions.invoke(name, event))).toMatch(
      /^KmsTimeoutError: /,
    )
  })

  test('a signature of another key', async () => {
    const { arn, name } = await deployBehindProxy()
    const foreign = await functions.kms.createKey()
    const forged = await other(arn, 'Sign', {
      KeyId: foreign.keyId,
      Message: Buffer.alloc(32, 1).toString('base64'),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    })
    proxy.tamper = (answer) =>
      answer.operation === 'Sign' ? { body: forged } : answer
    expect(refused(await functions.invoke(name, event))).toMatch(
      /^InvalidSignatureError: /,
    )
  })

  test('a public key that changes', async () => {
    const { arn, name } = await deployBehindProxy()
    const foreign = await functions.kms.createKey()
    const forged = await other(arn, 'GetPublicKey', { KeyId: foreign.keyId })
    proxy.tamper = (answer) =>
      answer.operation === 'GetPublicKey' ? { body: forged } : answer
    for (const request of [status, event])
      expect(refused(await functions.invoke(name, request))).toMatch(
        /^AddressMismatchError: /,
      )
  })

  test('a key of another spec', async () => {
    const { arn } = await functions.kms.createKey()
    const name = await deploy(arn, { AWS_ENDPOINT_URL_KMS: proxy.endpoint })
    const { generateKeyPairSync } = await import('node:crypto')
    const { publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    })
    const PublicKey = publicKey.toString('base64')
    proxy.tamper = (answer) =>
      answer.operation === 'GetPublicKey'
        ? { body: JSON.stringify({ KeyId: arn, PublicKey }) }
        : answer
    for (const request of [status, event])
      expect(refused(await functions.invoke(name, request))).toMatch(
        /^InvalidPublicKeyError: .* P-256/,
      )
  })
})
