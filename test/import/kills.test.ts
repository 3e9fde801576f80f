import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { paginateListKeys } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectKms } from '../support/connectKms.js'
import { newTestKey } from '../support/importHome.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { cleanEnv, keywardBin, type Ran } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'
import { startTamperingProxy } from '../support/startTamperingProxy.js'
import { soak } from '../support/tools.js'

// An import is cut off after each of its requests: KMS has done what was asked,
// and the answer never arrives. Then the same command runs again.

let folder: string
let home: RunningHome
let port: string
let env: Record<string, string>
let proxy: Awaited<ReturnType<typeof startTamperingProxy>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward kills '))
  await writeFile(join(folder, 'password'), 'correct horse battery\n')
  home = await startHome('0')
  port = new URL(home.ready.endpoint).port
  proxy = await startTamperingProxy(home.ready.endpoint)
  const direct = await home.env('operator')
  env = { ...direct, AWS_ENDPOINT_URL: proxy.endpoint }
})
afterAll(async () => {
  await proxy.close()
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

const startHome = (onPort: string) =>
  startLocalHome({
    dataDir: join(folder, 'home'),
    args: ['--no-chain', '--port', onPort],
  })

/** A moment in a run: KMS has done this operation for so many times. */
type Moment = { operation: string; times: number }

/** What a person types, with the backup's password on a descriptor. */
const command = (name: string, fd: number) => [
  ...['key', 'import', '--in', `${name}.pem`, '--create', '--json'],
  ...['--alias', `kills/${name}`, '--wrapping-key', 'rsa-2048'],
  ...['--receipt', `${name}.receipt.json`],
  // Its key derivation is slow on purpose; backup.test.ts has what is there.
  ...(hasBackup
    ? ['--backup', `${name}.json`, '--backup-password-fd', `${fd}`]
    : []),
]
const hasBackup = soak

async function newKeyFile(name: string): Promise<string> {
  const { sec1, address } = newTestKey()
  await writeFile(join(folder, `${name}.pem`), sec1, { mode: 0o600 })
  return address
}

async function toEnd(name: string): Promise<Ran> {
  const password = await open(join(folder, 'password'))
  try {
    const args = command(name, password.fd)
    return await runInProcess(args, env, { cwd: folder })
  } finally {
    await password.close()
  }
}

async function countKeys(): Promise<number> {
  const client = connectKms(env)
  let count = 0
  for await (const { Keys } of paginateListKeys({ client }, {}))
    count += Keys?.length ?? 0
  client.destroy()
  return count
}

/** Runs it until that moment, then kills `what`. */
async function cutOff(
  name: string,
  at: Moment,
  what: 'cli' | 'home',
): Promise<void> {
  const child = spawn(
    'bash',
    [
      ...['-c', 'exec "$@" 3< password', 'bash', process.execPath, keywardBin],
      ...command(name, 3),
    ],
    { env: cleanEnv(env), cwd: folder },
  )
  child.stdout.resume()
  child.stderr.resume()
  const closed = once(child, 'close')
  let times = 0
  proxy.tamper = async ({ operation, status, body }) => {
    // Some are asked at the same time: what comes after the cut is not counted.
    if (operation !== at.operation || times === at.times)
      return { status, body }
    times += 1
    if (times !== at.times) return { status, body }
    if (what === 'cli') child.kill('SIGKILL')
    else await home.kill()
    return 'cut'
  }
  await closed
  proxy.tamper = (answer) => answer
  expect({ operation: at.operation, times }).toEqual(at)
}

/** The same command again: done, by one key, and nothing of a draft left. */
async function assertResumes(name: string, address: string, keys: number) {
  const again = await toEnd(name)
  expect([again.code, again.stderr.split('\n').at(-2)]).toEqual([
    0,
    expect.any(String),
  ])
  const { keyArn, receipt, ...answer } = JSON.parse(again.stdout)
  expect(answer).toEqual({ address, imported: expect.any(Boolean) })
  expect(receipt).toMatchObject({ keyArn, address })
  expect(await countKeys()).toBe(keys + 1)
  const args = ['key', 'address', `alias/kills/${name}`]
  const admin = await runInProcess(args, env)
  expect(admin.stdout).toBe(`${address}\n`)
  const left = (await readdir(folder)).filter((file) => file.startsWith(name))
  expect(left.sort()).toEqual(
    [
      ...(hasBackup ? [`${name}.json`] : []),
      ...[`${name}.pem`, `${name}.receipt.json`],
    ].sort(),
  )
}

/** Every moment of a run that nobody disturbs. */
async function momentsOf(name: string): Promise<Moment[]> {
  await newKeyFile(name)
  const moments: Moment[] = []
  proxy.tamper = ({ operation, status, body }) => {
    const earlier = moments.filter((each) => each.operation === operation)
    moments.push({ operation, times: earlier.length + 1 })
    return { status, body }
  }
  expect(await toEnd(name)).toMatchObject({ code: 0 })
  proxy.tamper = (answer) => answer
  // There is one for each key, and keys become more.
  return moments.filter(
    ({ operation, times }) => operation !== 'ListResourceTags' || times === 1,
  )
}

const changing = [
  ...['CreateKey', 'GetParametersForImport', 'ImportKeyMaterial'],
  'CreateAlias',
]
/** All in the soak; npm test takes one that could lose or double a key. */
async function momentsToTry(name: string, one: string): Promise<Moment[]> {
  if (!soak) return [{ operation: one, times: 1 }]
  const whole = await momentsOf(name)
  expect(whole.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining([...changing, 'ListKeys', 'Sign']),
  )
  return whole
}

describe('kill -9', () => {
  test('of the command line, between any two steps', {
    timeout: 600_000,
  }, async () => {
    const points = await momentsToTry('whole1', 'ImportKeyMaterial')
    for (const [index, at] of points.entries()) {
      const name = `cli-${index}-${at.operation}`
      const address = await newKeyFile(name)
      const keys = await countKeys()
      await cutOff(name, at, 'cli')
      await assertResumes(name, address, keys)
    }
  })

  test.runIf(soak)(
    'of the local home, after each request that changes it',
    {
      timeout: 600_000,
    },
    async () => {
      const points = await momentsToTry('whole2', 'CreateKey')
      for (const [index, at] of points.entries()) {
        const name = `home-${index}-${at.operation}`
        const address = await newKeyFile(name)
        const keys = await countKeys()
        await cutOff(name, at, 'home')
        home = await startHome(port)
        await assertResumes(name, address, keys)
      }
    },
  )
})
