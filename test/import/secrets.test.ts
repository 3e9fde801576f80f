import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newTestKey } from '../support/importHome.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { cleanEnv, keywardBin } from '../support/runCli.js'

// During a whole import nothing but the key file that was given, the memory of
// the command and the folder of the local KMS's keys may hold the private key.

const key = newTestKey()
const d = Buffer.from(key.hex, 'hex')
const password = 'correct horse battery staple'

/** Base64 of bytes that begin at any place in what is encoded. */
const base64 = [0, 1, 2].map((shift) =>
  Buffer.concat([Buffer.alloc(shift), d])
    .toString('base64')
    .slice(4, -4),
)
const forms: Record<string, Buffer[]> = {
  raw: [d, Buffer.from(d).reverse()],
  hex: [Buffer.from(key.hex), Buffer.from(key.hex.toUpperCase())],
  base64: base64.map((text) => Buffer.from(text)),
  base64url: base64.map((text) =>
    Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')),
  ),
  decimal: [Buffer.from(BigInt(`0x${key.hex}`).toString())],
  'bytes as JSON': [Buffer.from([...d].join(','))],
  'UTF-8': [Buffer.from(d.toString('utf8'))],
  'hex of hex': [Buffer.from(Buffer.from(key.hex).toString('hex'))],
  'backup password': [Buffer.from(password)],
}

function formsIn(bytes: Buffer): string[] {
  return Object.entries(forms)
    .filter(([, parts]) => parts.some((part) => bytes.includes(part)))
    .map(([name]) => name)
}

let folder: string
let home: RunningHome
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward secrets '))
  for (const name of ['tmp', 'cwd', 'home']) mkdirSync(join(folder, name))
  // Slow, so that there is time to look.
  const args = ['--no-chain', '--kms-latency', '60']
  home = await startLocalHome({ args })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

const leaks: string[] = []
let looked = 0
function look(place: string, bytes: Buffer): void {
  looked += 1
  for (const form of formsIn(bytes)) leaks.push(`${place}: ${form}`)
}

/** Command lines and environments of all processes that we may read. */
function lookAtProcesses(): number {
  let ours = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    for (const name of ['cmdline', 'environ'])
      try {
        const bytes = readFileSync(`/proc/${pid}/${name}`)
        if (bytes.includes('keyward.mjs') && bytes.includes('import')) ours += 1
        look(`/proc/${name}`, bytes)
      } catch {
        // It has ended, or is somebody else's.
      }
  return ours
}

function lookAtFiles(
  from: string,
  spared: (path: string) => boolean,
): string[] {
  const seen: string[] = []
  if (!existsSync(from)) return seen
  for (const name of readdirSync(from, { recursive: true })) {
    const path = join(from, String(name))
    try {
      if (!statSync(path).isFile() || spared(path)) continue
      look(path, readFileSync(path))
      seen.push(path)
    } catch {
      // A draft that has its name by now.
    }
  }
  return seen
}

async function run(args: string[], env: Record<string, string>) {
  const cwd = join(folder, 'cwd')
  const child = spawn(
    'bash',
    [
      // The password goes by a pipe, behind which no file lies.
      ...['-c', 'exec 3<&0; exec "$@" < /dev/null', 'bash'],
      ...[process.execPath, keywardBin, ...args],
    ],
    {
      cwd,
      env: cleanEnv({
        ...env,
        HOME: join(folder, 'home'),
        TMPDIR: join(folder, 'tmp'),
        LOG_LEVEL: 'DEBUG',
        KEYWARD_DEBUG: '1',
        NODE_DEBUG: 'http,net,stream,tls,fs',
      }),
    },
  )
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  child.stdin.end(`${password}\n`)
  let ended = false
  const closed = once(child, 'close').then(([code]) => {
    ended = true
    return code as number
  })
  let ours = 0
  while (!ended) {
    ours += lookAtProcesses()
    for (const name of ['tmp', 'cwd', 'home'])
      lookAtFiles(join(folder, name), () => false)
    await Promise.race([
      closed,
      new Promise((resolve) => setTimeout(resolve, 20)),
    ])
  }
  return { code: await closed, said: Buffer.concat(said), ours }
}

test('a whole import leaves the private key nowhere', async () => {
  const path = join(folder, 'given.pem')
  await writeFile(path, key.sec1, { mode: 0o600 })
  const ran = await run(
    [
      ...['key', 'import', '--in', path, '--create', '--alias', 'audited'],
      ...['--expect-address', key.address, '--receipt', 'receipt.json'],
      ...['--wrapping-key', 'rsa-2048'],
      ...['--backup', 'backup.json', '--backup-password-fd', '3', '--json'],
    ],
    await home.env('operator'),
  )
  expect(ran.code, ran.said.toString().slice(-2000)).toBe(0)
  // The command was seen while it ran, and did say a lot.
  expect(ran.ours).toBeGreaterThan(3)
  expect(ran.said.length).toBeGreaterThan(10_000)
  look('what was said', ran.said)
  const files = ['tmp', 'cwd', 'home'].flatMap((name) =>
    lookAtFiles(join(folder, name), () => false),
  )
  const names = files.map((file) => file.slice(folder.length))
  expect(names.sort()).toEqual(['/cwd/backup.json', '/cwd/receipt.json'])

  const keys = join(home.dataDir, 'kms', 'keys')
  const ofHome = lookAtFiles(home.dataDir, (file) => file.startsWith(keys))
  expect(ofHome.length).toBeGreaterThan(3)
  await home.stop()
  look("the home's log", Buffer.from(home.stderr()))
  expect(leaks).toEqual([])

  // The search finds the key where it has to be, and each of its forms.
  expect(looked).toBeGreaterThan(100)
  lookAtFiles(keys, () => false)
  look('the key file', Buffer.from(key.sec1))
  // The local KMS keeps the bytes, and PEM is base64.
  expect(leaks.map((leak) => leak.replace(/^.*: /, ''))).toEqual(
    expect.arrayContaining(['raw', 'base64']),
  )
  for (const [form, parts] of Object.entries(forms))
    for (const part of parts)
      expect(formsIn(Buffer.concat([Buffer.from('x='), part]))).toContain(form)
})
