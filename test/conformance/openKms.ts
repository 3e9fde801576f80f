import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { createLocalHome } from '../../packages/local/src/index.js'
import { type HttpAnswer, sendHttp } from '../support/sendHttp.js'
import { type SigningCredentials, signRequest } from '../support/signRequest.js'
import { wrapKeyMaterial } from '../support/wrapKeyMaterial.js'

/** True when the suite runs against AWS itself, with the caller's account. */
export const remote: boolean = process.env.REMOTE === '1'

export type Key = { keyId: string; arn: string }

/** An answer through the SDK; `type` is undefined for a success. */
export type SdkAnswer = {
  status: number | undefined
  requestId: string | undefined
  type?: string
  /** The SDK says `UnknownError` when the server sent no text. */
  message?: string
  output?: Record<string, unknown>
}

export type WireOptions = {
  operation?: string
  body?: object | string | Uint8Array
  /** Headers beside those that every request has; all are signed. */
  headers?: Record<string, string>
  credentials?: SigningCredentials
  region?: string
  service?: string
  now?: number
  /** The last word on what is sent, after signing. */
  change?: (headers: Record<string, string>) => Record<string, string>
  agent?: Agent
}

const blobs = [
  ...['Message', 'Signature', 'Plaintext', 'CiphertextBlob'],
  ...['ImportToken', 'EncryptedKeyMaterial'],
]

/**
 * The KMS that the suite runs against: a local home of its own, or AWS with
 * the default credential chain. Whatever is created goes with `close`.
 *
 * @param keys - how many keys the caller will make, for the price it prints
 */
export async function openKms(keys: number) {
  const local = remote ? undefined : await openLocal()
  const client = new sdk.KMSClient({
    ...(local && {
      endpoint: local.home.endpoint,
      region: local.home.region,
      credentials: local.home.credentials('operator'),
    }),
    maxAttempts: remote ? 10 : 1,
  })
  const region = await client.config.region()
  const endpoint = local?.home.endpoint ?? `https://kms.${region}.amazonaws.com`
  if (remote)
    console.log(
      `REMOTE=1: creates at most ${keys} KMS keys in ${region} and schedules their deletion when it ends. A key costs $1 a month while it isn't pending deletion, so about $${(keys / 720).toFixed(3)} for an hour of each, and $0.15 for 10,000 requests.`,
    )
  const createdKeys = new Set<string>()
  const createdAliases = new Set<string>()

  /** Keeps account of what has to be removed. */
  function track(operation: string, input: object, output: object) {
    if (operation === 'CreateKey')
      createdKeys.add(
        (output as sdk.CreateKeyResponse).KeyMetadata?.KeyId ?? '',
      )
    if (operation === 'CreateAlias')
      createdAliases.add((input as sdk.CreateAliasRequest).AliasName ?? '')
  }

  async function send(operation: string, input: object): Promise<SdkAnswer> {
    const commands = sdk as unknown as Record<string, CommandClass>
    const Command = commands[`${operation}Command`]
    if (Command === undefined) throw new Error(`The SDK has no ${operation}.`)
    try {
      const answer = await client.send(new Command(toSdk(input)))
      const { $metadata, ...output } = answer
      track(operation, input, output)
      return {
        status: $metadata.httpStatusCode,
        requestId: $metadata.requestId,
        output: output as Record<string, unknown>,
      }
    } catch (error) {
      if (!(error instanceof sdk.KMSServiceException)) throw error
      return {
        status: error.$metadata.httpStatusCode,
        requestId: error.$metadata.requestId,
        type: error.name,
        message: error.message,
      }
    }
  }

  async function ok(operation: string, input: object) {
    const { output, ...failure } = await send(operation, input)
    if (output === undefined)
      throw new Error(`${operation}: ${JSON.stringify(failure)}`)
    return output
  }

  async function createKey(input: object = {}): Promise<Key> {
    const { KeyMetadata } = (await ok('CreateKey', {
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
      ...input,
    })) as sdk.CreateKeyResponse
    return { keyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
  }

  /** From parameters to material, as an importer does it. */
  async function importKey(
    KeyId: string,
    material: Uint8Array,
    options: { algorithm?: string; spec?: string; extra?: object } = {},
  ): Promise<SdkAnswer> {
    const { algorithm = 'RSAES_OAEP_SHA_256', spec = 'RSA_2048' } = options
    const set = (await ok('GetParametersForImport', {
      KeyId,
      WrappingAlgorithm: algorithm,
      WrappingKeySpec: spec,
    })) as sdk.GetParametersForImportResponse
    const publicKey = Buffer.from(set.PublicKey ?? [])
    return send('ImportKeyMaterial', {
      KeyId,
      ImportToken: set.ImportToken,
      EncryptedKeyMaterial: wrapKeyMaterial(algorithm, publicKey, material),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...options.extra,
    })
  }

  /** A request as the test wants it, signed by the test's own code. */
  async function wire(options: WireOptions): Promise<HttpAnswer> {
    const { operation, body = {}, headers = {}, change = (h) => h } = options
    const bytes =
      typeof body === 'string' || body instanceof Uint8Array
        ? body
        : JSON.stringify(body)
    const signed = signRequest({
      credentials: options.credentials ?? (await client.config.credentials()),
      region: options.region ?? region,
      service: options.service ?? 'kms',
      now: options.now ?? Date.now(),
      body: bytes,
      headers: {
        host: new URL(endpoint).host,
        'content-type': 'application/x-amz-json-1.1',
        'content-length': String(Buffer.byteLength(bytes)),
        ...(operation && { 'x-amz-target': `TrentService.${operation}` }),
        ...headers,
      },
    })
    const answer = await sendHttp(endpoint, {
      headers: change(signed),
      body: bytes,
      ...(options.agent && { agent: options.agent }),
    })
    if (operation && answer.status === 200 && typeof body === 'object')
      track(operation, body, JSON.parse(answer.body || '{}'))
    return answer
  }

  async function close() {
    if (remote) {
      for (const AliasName of createdAliases)
        await send('DeleteAlias', { AliasName })
      for (const KeyId of createdKeys)
        await send('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    }
    client.destroy()
    await local?.close()
  }

  return {
    client,
    region,
    endpoint,
    home: local?.home,
    send,
    ok,
    createKey,
    importKey,
    wire,
    close,
  }
}

export type KmsUnderTest = Awaited<ReturnType<typeof openKms>>

/** An alias that nobody else has. */
export const newAlias = (): string =>
  `alias/keyward-conformance-${randomUUID()}`

type CommandClass = new (input: object) => sdk.ListKeysCommand

async function openLocal() {
  const folder = await mkdtemp(join(tmpdir(), 'keyward conformance-'))
  const dataDir = join(folder, 'home')
  const unexpected: string[] = []
  const home = await createLocalHome({
    dataDir,
    port: 0,
    chain: false,
    onEvent: (event) => unexpected.push(event),
  })
  return {
    home,
    async close() {
      await home.close()
      await rm(folder, { recursive: true, force: true })
      if (unexpected.length > 0) throw new Error(unexpected.join('\n'))
    },
  }
}

/** The SDK takes blobs as bytes and times as dates. */
function toSdk(input: object): object {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (blobs.includes(name) && typeof value === 'string')
        return [name, Buffer.from(value, 'base64')]
      if (name === 'ValidTo' && typeof value === 'number')
        return [name, new Date(value * 1000)]
      return [name, value]
    }),
  )
}
