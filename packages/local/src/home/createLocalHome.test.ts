import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sendHttp } from '../../../../test/support/sendHttp.js'
import { signRequest } from '../../../../test/support/signRequest.js'
import {
  createLocalHome,
  type Faults,
  type LocalHome,
  readLocalHome,
  resetLocalHome,
} from '../index.js'

let parent: string
let dataDir: string
const open: { close(): Promise<void> }[] = []

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'keyward home '))
  dataDir = join(parent, 'home')
})
afterEach(async () => {
  for (const opened of open.splice(0)) await opened.close()
  rmSync(parent, { recursive: true })
})

async function start(options: Partial<createLocalHome.Parameters> = {}) {
  const home = await createLocalHome({
    dataDir,
    port: 0,
    chain: false,
    ...options,
  })
  open.push(home)
  return home
}

function kmsOf(home: LocalHome, as: string) {
  const client = new KMSClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials(as),
    maxAttempts: 1,
  })
  open.push({ close: async () => client.destroy() })
  return client
}

async function makeKey(home: LocalHome) {
  const client = kmsOf(home, 'operator')
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
    }),
  )
  const TargetKeyId = KeyMetadata?.KeyId
  const AliasName = 'alias/tests'
  await client.send(new CreateAliasCommand({ AliasName, TargetKeyId }))
}

const sign = () =>
  new SignCommand({
    KeyId: 'alias/tests',
    Message: new Uint8Array(32).fill(7),
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_256',
  })

test('a home tells others where it is, and keeps what it has', async () => {
  expect(readLocalHome(dataDir)).toEqual({ running: false })
  const home = await start({ chain: { port: 0 } })
  expect(home).toMatchObject({
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    rpcUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    accountId: '000000000000',
    region: 'us-east-1',
  })
  await makeKey(home)
  const keys = home.keys()
  const [key] = keys
  expect(keys).toEqual([
    {
      keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      arn: `arn:aws:kms:us-east-1:000000000000:key/${key?.keyId}`,
      alias: 'alias/tests',
      address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      state: 'Enabled',
    },
  ])
  const found = readLocalHome(dataDir)
  expect(found).toEqual({
    running: true,
    endpoint: home.endpoint,
    rpcUrl: home.rpcUrl,
    accountId: '000000000000',
    region: 'us-east-1',
    keyId: undefined,
    credentials: expect.any(Function),
    principals: expect.any(Function),
  })
  if (!found.running) throw new Error('unreachable')
  expect(found.credentials('admin')).toEqual(home.credentials('admin'))
  expect(statSync(join(dataDir, 'home.json')).mode & 0o777).toBe(0o600)

  await home.close()
  await home.close()
  expect(existsSync(join(dataDir, 'home.json'))).toBe(false)
  expect(readLocalHome(dataDir)).toEqual({ running: false })

  const again = await start()
  expect(again.keys()).toEqual(keys)
  expect(again.rpcUrl).toBe(undefined)
  expect(again.credentials('user')).toEqual(found.credentials('user'))
})

test('all that it keeps is for its owner only, what others left open as well', async () => {
  const before = process.umask(0o022)
  try {
    const files = () =>
      readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
        .map((name) => join(dataDir, name))
        .filter((path) => (statSync(path).mode & 0o077) !== 0)
    const home = await start({ chain: { port: 0 } })
    await makeKey(home)
    await home.close()
    expect(files()).toEqual([])
    const old = join(dataDir, 'dynamodb', 'old.ldb')
    writeFileSync(old, '')
    chmodSync(old, 0o644)
    await start()
    expect(files()).toEqual([])
  } finally {
    process.umask(before)
  }
})

test('the SDK signs over one connection, and each call is counted', async () => {
  const home = await start()
  await makeKey(home)
  const before = home.stats()
  const client = kmsOf(home, 'user')
  for (let i = 0; i < 3; i++)
    expect((await client.send(sign())).KeyId).toBe(home.keys()[0]?.arn)
  expect(home.stats()).toEqual({
    connections: before.connections + 1,
    requests: before.requests + 3,
    operations: { ...before.operations, 'kms:Sign': 3 },
  })
})

async function putFaults(
  home: LocalHome,
  as: string,
  change: unknown,
  options: { method?: string; now?: number } = {},
) {
  const { method = 'PUT', now = Date.now() } = options
  const body = method === 'GET' ? '' : JSON.stringify(change)
  const path = '/_keyward/faults'
  const headers = signRequest({
    credentials: home.credentials(as),
    headers: { host: new URL(home.endpoint).host },
    body,
    region: home.region,
    service: 'keyward',
    now,
    method,
    path,
  })
  const answer = await sendHttp(home.endpoint + path, { method, headers, body })
  return [answer.status, JSON.parse(answer.body)]
}

const none: Faults = {
  kmsLatencyMs: 0,
  kmsThrottle: 0,
  kmsErrorRate: 0,
  clockSkewS: 0,
}

test('faults change while it runs, by the operator and root only', async () => {
  const home = await start({ faults: { kmsLatencyMs: 1 } })
  await makeKey(home)
  const client = kmsOf(home, 'user')
  await client.send(sign())
  expect(await putFaults(home, 'operator', { kmsErrorRate: 1 })).toEqual([
    200,
    { ...none, kmsLatencyMs: 1, kmsErrorRate: 1 },
  ])
  await expect(client.send(sign())).rejects.toMatchObject({
    name: 'KMSInternalException',
  })
  expect(await putFaults(home, 'root', none)).toEqual([200, none])
  await client.send(sign())
  expect(await putFaults(home, 'admin', none)).toEqual([
    403,
    {
      __type: 'AccessDeniedException',
      message:
        'User: arn:aws:iam::000000000000:role/keyward-dev-admin is not allowed ' +
        "to see or change the home's faults. Only the operator and root are.",
    },
  ])
  expect(
    await putFaults(home, 'operator', { kmsErrorRate: 2, weather: 'bad' }),
  ).toEqual([
    400,
    {
      __type: 'ValidationException',
      message:
        'The faults are invalid: kmsErrorRate must be a number from 0 to 1, ' +
        'not 2; "weather" is not a fault (allowed: kmsLatencyMs, ' +
        'kmsThrottle, kmsErrorRate, clockSkewS).',
    },
  ])
  const get = { method: 'GET' }
  expect(await putFaults(home, 'operator', {}, get)).toEqual([200, none])
  expect(() => home.setFaults({ kmsThrottle: Number.NaN })).toThrow(
    'The faults are invalid: kmsThrottle must be a number from 0 to 1000000, ' +
      'not null.',
  )
})

test('a skewed clock refuses, shows itself, and can be set right', async () => {
  const home = await start({ faults: { clockSkewS: 600 } })
  const now = Date.now()
  const [status, refused] = await putFaults(home, 'operator', none, { now })
  expect([status, refused.__type]).toEqual([400, 'InvalidSignatureException'])
  const skewed = { now: now + 600_000 }
  expect(await putFaults(home, 'operator', none, skewed)).toEqual([200, none])
  await makeKey(home)
  // The SDK corrects its clock by the Date header and tries again.
  home.setFaults({ clockSkewS: 3600 })
  const client = new KMSClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials('user'),
  })
  open.push({ close: async () => client.destroy() })
  await client.send(sign())
})

async function taken() {
  const other = createServer()
  await once(other.listen(0, '127.0.0.1'), 'listening')
  open.push({ close: async () => void other.close() })
  return (other.address() as AddressInfo).port
}

test('a taken port is named, and nothing stays behind', async () => {
  const port = await taken()
  const assembly = () => expect.unreachable('no synthesis before this')
  await expect(start({ port, chain: { port: 0 }, assembly })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use by another program. Choose another port with --port, or use --port 0 for any free port.`,
  )
  await expect(start({ chain: { port } })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use by another program. Choose another port with --chain-port, or use --chain-port 0 for any free port.`,
  )
  const both = { port, chain: { port: await taken() } }
  await expect(start(both)).rejects.toThrow(
    new RegExp(
      `^Port ${port} .* with --port, .*\\nPort ${both.chain.port} .* with --chain-port, or use --chain-port 0 for any free port\\.$`,
    ),
  )
  expect(readLocalHome(dataDir)).toEqual({ running: false })
  await start({ chain: { port: 0 } })
})

test('a second home on the folder is refused, and so is its reset', async () => {
  const home = await start()
  await expect(start()).rejects.toMatchObject({ code: 'folder-locked' })
  await expect(resetLocalHome(dataDir)).rejects.toMatchObject({
    code: 'folder-locked',
  })
  expect(readLocalHome(dataDir).running).toBe(true)
  await makeKey(home)
  await home.close()
  await resetLocalHome(dataDir)
  expect(readdirSync(dataDir).sort()).toEqual([
    '.gitignore',
    'keyward-home',
    expect.stringMatching(/^lock\.\d+$/),
  ])
  expect((await start()).keys()).toEqual([])
})

test('a home killed by kill -9 is not found, and starts again as it was', async () => {
  const url = new URL('../index.ts', import.meta.url)
  const child = spawn(
    process.execPath,
    [
      '--import=tsx',
      '--input-type=module',
      '-e',
      `const { createLocalHome } = await import(${JSON.stringify(url.href)})
       const home = await createLocalHome({
         dataDir: process.argv[1], port: 0, chain: { port: 0 },
       })
       console.log(JSON.stringify({
         endpoint: home.endpoint, user: home.credentials('user'),
       }))`,
      dataDir,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = await once(createInterface(child.stdout), 'line')
  const before = JSON.parse(line)
  expect(readLocalHome(dataDir)).toMatchObject({
    running: true,
    endpoint: before.endpoint,
  })
  const client = new KMSClient({
    endpoint: before.endpoint,
    region: 'us-east-1',
    // A copy, because the client marks the given object.
    credentials: { ...before.user },
  })
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
    }),
  )
  client.destroy()
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(readFileSync(join(dataDir, 'home.json'), 'utf8')).toContain(
    before.endpoint,
  )
  expect(readLocalHome(dataDir)).toEqual({ running: false })
  const home = await start({ chain: { port: 0 } })
  expect(home.keys().map(({ keyId }) => keyId)).toEqual([KeyMetadata?.KeyId])
  expect(home.credentials('user')).toEqual(before.user)
})
