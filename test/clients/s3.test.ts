import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createLocalHome,
  type LocalHome,
} from '../../packages/local/src/index.js'
import { sendHttp } from '../support/sendHttp.js'
import { signRequest } from '../support/signRequest.js'

// S3 of the local home, byte by byte, for what aws does not send.

const bucket = 'cdk-hnb659fds-assets-000000000000-us-east-1'
let folder = ''
let home: LocalHome
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward s3 '))
  home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: false,
  })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

type Sent = {
  headers?: Record<string, string>
  body?: string | Uint8Array
  as?: string
  /** What is signed in the place of the body's hash. */
  hash?: string
}

function send(method: string, path: string, sent: Sent = {}) {
  const { headers = {}, body = '', as = 'operator' } = sent
  const hash = sent.hash ?? createHash('sha256').update(body).digest('hex')
  const host = new URL(home.endpoint).host
  return sendHttp(`${home.endpoint}${path}`, {
    method,
    body,
    headers: signRequest({
      credentials: home.credentials(as),
      headers: { host, 'x-amz-content-sha256': hash, ...headers },
      body,
      payloadHash: hash,
      region: 'us-east-1',
      service: 's3',
      now: Date.now(),
      method,
      path,
    }),
  })
}

const chunked = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
const sha256 = (text: string) =>
  createHash('sha256').update(text).digest('base64')
/** As the AWS SDK sends a stream whose checksum it knows at its end. */
const inChunks = (text: string, trailer: string, more: Sent = {}): Sent => ({
  hash: chunked,
  body: `${text.length.toString(16)}\r\n${text}\r\n0\r\n${trailer}\r\n\r\n`,
  ...more,
  headers: {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(text.length),
    'x-amz-trailer': trailer.split(':')[0] ?? '',
    ...more.headers,
  },
})
const codeOf = ({ status, body }: { status: number; body: string }) =>
  `${status} ${/<Code>(\w+)<\/Code>/.exec(body)?.[1]}`

describe('an object', () => {
  test('comes in chunks, with its checksum behind them', async () => {
    const text = 'hello, chunks'
    const trailer = `x-amz-checksum-sha256:${sha256(text)}`
    const put = await send('PUT', `/${bucket}/chunked`, inChunks(text, trailer))
    expect(put).toMatchObject({
      status: 200,
      headers: { 'x-amz-checksum-sha256': sha256(text) },
    })
    const got = await send('GET', `/${bucket}/chunked`, {
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
    })
    expect(got).toMatchObject({
      status: 200,
      body: text,
      headers: {
        'x-amz-checksum-sha256': sha256(text),
        etag: put.headers.etag,
      },
    })
    expect(got.headers['content-encoding']).toBeUndefined()
    const range = await send('GET', `/${bucket}/chunked`, {
      headers: { 'x-amz-checksum-mode': 'ENABLED', range: 'bytes=0-4' },
    })
    expect(range).toMatchObject({ status: 206, body: 'hello' })
    expect(range.headers).not.toHaveProperty('x-amz-checksum-sha256')
  })

  test('is kept by its key to the letter', async () => {
    const path = `/${bucket}/a%20b/%2B%C3%A4/x%2F..%2Fy`
    expect((await send('PUT', path, { body: 'z' })).status).toBe(200)
    expect((await send('GET', path)).body).toBe('z')
    const list = await send('GET', `/${bucket}/`)
    expect(codeOf(list)).toBe('501 NotImplemented')
    expect((await send('DELETE', path)).status).toBe(204)
    expect(codeOf(await send('GET', path))).toBe('404 NoSuchKey')
  })

  test.each<[string, Sent, string]>([
    [
      'whose checksum is another one',
      inChunks('hello', `x-amz-checksum-sha256:${sha256('other')}`),
      '400 BadDigest',
    ],
    [
      'whose MD5 is another one',
      { body: 'a', headers: { 'content-md5': 'CY9rzUYh03PK3k6DJie09g==' } },
      '400 BadDigest',
    ],
    [
      'that is cut short',
      { ...inChunks('hello', 'x-amz-checksum-crc32:'), body: '5\r\nhel' },
      '400 IncompleteBody',
    ],
    [
      'of another length than it says',
      inChunks('hello', `x-amz-checksum-sha256:${sha256('hello')}`, {
        headers: { 'x-amz-decoded-content-length': '6' },
      }),
      '400 IncompleteBody',
    ],
    [
      'that brings a header behind it',
      inChunks('hello', 'x-amz-acl:public-read'),
      '400 IncompleteBody',
    ],
    [
      'that lacks the checksum it promised',
      {
        body: 'a',
        headers: { 'x-amz-trailer': 'x-amz-checksum-crc32' },
      },
      '400 MalformedTrailerError',
    ],
    [
      'in chunks that are signed',
      { body: 'a', hash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      '403 SignatureDoesNotMatch',
    ],
    [
      'copied from elsewhere',
      { headers: { 'x-amz-copy-source': `/${bucket}/chunked` } },
      '501 NotImplemented',
    ],
    [
      'that must be new',
      { body: 'a', headers: { 'if-none-match': '*' } },
      '412 PreconditionFailed',
    ],
    [
      'of others',
      { body: 'a', headers: { 'x-amz-expected-bucket-owner': '111122223333' } },
      '403 AccessDenied',
    ],
    ['of a user', { body: 'a', as: 'user' }, '403 AccessDenied'],
  ])('%s is refused, and what was there stays', async (_, sent, code) => {
    const path = `/${bucket}/there`
    await send('PUT', path, { body: 'first' })
    expect(codeOf(await send('PUT', path, sent))).toBe(code)
    expect((await send('GET', path)).body).toBe('first')
  })

  test.each(['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'])(
    'has its %s checked',
    async (name) => {
      const text = '123456789'
      // The check values of the algorithms' own definitions.
      const values: Record<string, string> = {
        crc32: Buffer.from('cbf43926', 'hex').toString('base64'),
        crc32c: Buffer.from('e3069283', 'hex').toString('base64'),
        crc64nvme: Buffer.from('ae8b14860a799888', 'hex').toString('base64'),
        sha1: createHash('sha1').update(text).digest('base64'),
        sha256: sha256(text),
      }
      expect(crc32(text).toString(16)).toBe('cbf43926')
      const put = (value = '') =>
        send('PUT', `/${bucket}/sum`, {
          body: text,
          headers: { [`x-amz-checksum-${name}`]: value },
        })
      expect((await put(values[name])).status).toBe(200)
      expect(codeOf(await put('AAAAAA=='))).toBe('400 BadDigest')
    },
  )

  test('that is too large is refused', async () => {
    const body = Buffer.alloc(64 * 1024 * 1024 + 1)
    expect(codeOf(await send('PUT', `/${bucket}/large`, { body }))).toBe(
      '400 EntityTooLarge',
    )
  })

  test('in no bucket is not found', async () => {
    expect(codeOf(await send('GET', '/other/key'))).toBe('404 NoSuchBucket')
    expect(codeOf(await send('PUT', '/other'))).toBe('501 NotImplemented')
  })

  test('is there again after a restart', async () => {
    await send('PUT', `/${bucket}/kept`, { body: 'kept' })
    await home.close()
    home = await createLocalHome({
      dataDir: join(folder, 'home'),
      port: 0,
      chain: false,
    })
    expect((await send('GET', `/${bucket}/kept`)).body).toBe('kept')
  })
})
