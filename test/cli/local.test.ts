import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { devAssembly } from '../../packages/cli/src/devAssembly.js'
import { giveEther } from '../support/giveEther.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { refusal } from '../support/refusal.js'
import { run, runCli } from '../support/runCli.js'
import { soak } from '../support/tools.js'

const homes: RunningHome[] = []
const folders: string[] = []
const start = async (options?: Parameters<typeof startLocalHome>[0]) => {
  const home = await startLocalHome(options)
  homes.push(home)
  return home
}
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-test-'))
  folders.push(folder)
  return folder
}
afterEach(async () => {
  for (const home of homes.splice(0)) await home.close()
  for (const folder of folders.splice(0))
    await rm(folder, { recursive: true, force: true })
})

/** Processes whose command line names the folder, as anvil's does. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['axww', '-o', 'args='])
  return stdout
    .split('\n')
    .filter((line) => line.includes('anvil') && line.includes(folder))
}

describe('keyward local', () => {
  // Else a home of this test is the first in a checkout, and says so.
  beforeAll(async () => void (await devAssembly(() => {})))

  // SIGTERM is how every other test here stops it.
  test.each(soak ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const))(
    '--json is one line of exactly this shape; %s stops it: exit 0, no chain left, the folder free again',
    async (signal) => {
      const dataDir = await newFolder()
      const home = await start({ dataDir })
      const arn = 'arn:aws:lambda:us-east-1:000000000000:function:'
      expect(home.ready).toEqual({
        endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        rpcUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        keys: [
          {
            keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            arn: `arn:aws:kms:us-east-1:000000000000:key/${home.key.keyId}`,
            alias: 'alias/keyward-dev',
            address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
            state: 'Enabled',
          },
        ],
        functions: [
          'eip1559-signer',
          'legacy-signer',
          'message-signer',
          'reconciler',
          'sender',
        ].map((kind) => ({
          name: `keyward-dev-${kind}`,
          arn: `${arn}keyward-dev-${kind}`,
        })),
      })
      let more = ''
      home.child.stdout?.on('data', (chunk: Buffer) => {
        more += chunk
      })
      expect(await processesOf(dataDir)).toHaveLength(1)
      const closed = once(home.child, 'close')
      home.child.kill(signal)
      home.child.kill(signal)
      expect(await closed).toEqual([0, null])
      expect(more).toBe('')
      const lines = home.stderr().split('\n')
      const made = (line: string) => line.startsWith('keyward-dev: creating ')
      expect(lines.filter(made)).toHaveLength(48)
      expect(lines.filter((line) => !made(line))).toEqual(['Stopping.', ''])
      expect(await processesOf(dataDir)).toEqual([])
      const env = await runCli(['env', '--data-dir', dataDir])
      expect({ code: env.code, stdout: env.stdout }).toEqual({
        code: 1,
        stdout: '',
      })
      expect(env.stderr).toContain('See docs/errors/home-not-running.md')
    },
  )

  test('kill -9, then the same keys, credentials and functions', async () => {
    const dataDir = await newFolder()
    const first = await start({ dataDir })
    const before = await first.env()
    const created = await runCli(
      ['key', 'create', '--alias', 'kept', '--json'],
      {
        env: before,
      },
    )
    const { keyId, address } = JSON.parse(created.stdout)
    await first.kill()
    const second = await start({ dataDir })
    expect(second.ready.functions).toEqual(first.ready.functions)
    expect(second.ready.keys[0]).toEqual(first.key)
    expect(
      second.ready.keys.map((key) => [key.keyId, key.address]),
    ).toContainEqual([keyId, address])
    const after = await second.env()
    expect({ ...after, AWS_ENDPOINT_URL: '', ETH_RPC_URL: '' }).toEqual({
      ...before,
      AWS_ENDPOINT_URL: '',
      ETH_RPC_URL: '',
    })
    expect(await processesOf(dataDir)).toHaveLength(1)
    const signed = await runCli(
      ['sign', 'message', '--key', 'alias/kept', '--in', '-', '--json'],
      { env: after, input: 'x' },
    )
    expect(JSON.parse(signed.stdout).address).toBe(address)
  })

  test('the first key has 10,000 ETH once, fund gives more, and the log has a line for each request', async () => {
    const project = await newFolder()
    const dataDir = join(project, '.keyward')
    const home = await start({ dataDir, args: ['--log', 'text'] })
    const sub = join(project, 'src', 'deep')
    await mkdir(sub, { recursive: true })
    // By nothing but the folder that it runs in.
    const found = await runCli(['env', '--json'], { cwd: sub })
    const env = JSON.parse(found.stdout)
    expect(env).toEqual(await home.env())
    const old = { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }
    const early = await runCli(['key', 'address'], { cwd: sub, env: old })
    expect(early.stderr).toContain(
      `(ECONNREFUSED).\nThe local home now runs at ${env.AWS_ENDPOINT_URL}, but this shell's environment variables are from an earlier start. Set them again: eval "$(npx --no-install keyward env)".\n`,
    )
    const keyward = (...args: string[]) => runCli(args, { env })
    const wei = async (...args: string[]) =>
      JSON.parse((await keyward(...args, '--json')).stdout).wei
    const ether = 10n ** 18n
    expect(await wei('balance')).toBe(String(10_000n * ether))
    const to = `0x${'5a'.repeat(20)}`
    const sent = await keyward('send', '--to', to, '--amount', '0.1', '--json')
    const { signed_tx_hash: hash } = JSON.parse(sent.stdout)
    expect(await wei('fund', to)).toBe(String(100n * ether + ether / 10n))
    expect(await wei('fund', to, '--amount', '0.9')).toBe(String(101n * ether))
    const short = `${hash.slice(0, 6)}\\.\\.${hash.slice(-4)}`
    await expect
      .poll(() => home.stderr())
      .toMatch(
        new RegExp(
          `^\\d\\d:\\d\\d:\\d\\d keyward-dev-sender send nonce 0 ${short} sent \\d+ ms$`,
          'm',
        ),
      )
    expect(home.stderr()).not.toContain('{')
    await giveEther(home.ready.rpcUrl ?? '', home.key.address, 0n)
    await home.stop()
    const again = await start({ dataDir, args: ['--log', 'json'] })
    const { stdout } = await runCli(['balance', home.key.address, '--json'], {
      env: await again.env(),
    })
    expect(JSON.parse(stdout).wei).toBe('0')
    await runCli(['tx', 'list'], { env: await again.env() })
    await expect
      .poll(() => again.stderr())
      .toMatch(/^\{"function":"keyward-dev-sender",.*"message":"listed"/m)
  })

  test('fund refuses every chain but that of a home', async () => {
    for (const url of ['https://rpc.example.org', 'http://10.0.0.1:8545']) {
      const ran = await runCli([
        'fund',
        `0x${'5a'.repeat(20)}`,
        '--rpc-url',
        url,
      ])
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({
        ...{ code: 2, stdout: '' },
      })
    }
  })

  test('a taken port is named with its flag', async () => {
    const dataDir = await newFolder()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    for (const [flag, free] of [
      ['--port', '--chain-port'],
      ['--chain-port', '--port'],
    ] as const) {
      const ran = await runCli([
        ...['local', flag, String(port), free, '0', '--data-dir', dataDir],
      ])
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({
        code: 1,
        stdout: '',
      })
      expect(ran.stderr).toContain(`Port ${port} on 127.0.0.1 is in use`)
      expect(ran.stderr).toContain(`or use ${flag} 0 for any free port`)
      expect(ran.stderr).toContain('keyward local --port 0 --chain-port 0')
      expect(await processesOf(dataDir)).toEqual([])
    }
    other.close()
  })

  test.runIf(soak)(
    '--reset starts anew, and removes nothing that is not its own',
    async () => {
      const dataDir = await newFolder()
      const first = await start({ dataDir })
      await first.stop()
      const second = await start({ dataDir, args: ['--reset'] })
      expect(second.key.address).not.toBe(first.key.address)
      const ran = await runCli(['local', '--reset', '--data-dir', '.'])
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({
        code: 1,
        stdout: '',
      })
      expect(ran.stderr).toContain('See docs/errors/folder-not-')
      expect((await stat('package.json')).isFile()).toBe(true)
    },
  )
})

const faults = (dataDir: string, ...flags: string[]) =>
  runCli(['local', 'faults', '--data-dir', dataDir, '--json', ...flags])

describe('a home without a chain', () => {
  let home: RunningHome
  beforeAll(async () => {
    const slow = ['--kms-latency', '3', '--kms-throttle', '9']
    home = await startLocalHome({ args: ['--no-chain', ...slow] })
  })
  afterAll(() => home.close())

  test('rpcUrl is null, and env has no ETH_RPC_URL', async () => {
    expect(home.ready.rpcUrl).toBeNull()
    const text = await runCli(['env', '--data-dir', home.dataDir])
    expect(text.stdout).toContain(
      'unset AWS_PROFILE AWS_SESSION_TOKEN ETH_RPC_URL\n',
    )
    expect(text.stdout).not.toContain('export ETH_RPC_URL')
  })

  test('a second process on the folder is refused', async () => {
    const ports = ['--port', '0', '--chain-port', '0']
    for (const more of [[], ['--reset']]) {
      const ran = await runCli([
        ...['local', ...ports, '--data-dir', home.dataDir],
        ...more,
      ])
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({
        code: 1,
        stdout: '',
      })
      expect(ran.stderr).toContain('See docs/errors/folder-locked.md')
    }
    const env = await home.env()
    expect((await runCli(['key', 'address'], { env })).stdout).toBe(
      `${home.key.address}\n`,
    )
  })

  test('local faults changes what is given, shows the rest, works by a wrong clock', async () => {
    const inForce = async (...flags: string[]) =>
      JSON.parse((await faults(home.dataDir, ...flags)).stdout)
    const base = {
      kmsLatencyMs: 3,
      kmsThrottle: 9,
      kmsErrorRate: 0,
      clockSkewS: 0,
    }
    expect(await inForce()).toEqual(base)
    expect(await inForce('--kms-error-rate', '1')).toEqual({
      ...base,
      kmsErrorRate: 1,
    })
    const env = await home.env()
    const failing = await runCli(['key', 'address'], { env })
    expect(failing.code).toBe(1)
    expect(failing.stderr).toContain('KMSInternalException')
    const skewed = ['--kms-error-rate', '0', '--clock-skew', '-3600']
    expect(await inForce(...skewed)).toEqual({ ...base, clockSkewS: -3600 })
    expect(await inForce('--clock-skew', '0')).toEqual(base)
    expect((await runCli(['key', 'address'], { env })).code).toBe(0)
  })

  test('--as gives each principal keys of its own', async () => {
    const names = [
      'operator',
      'admin',
      'user',
      'importer',
      'break-glass',
      'root',
    ]
    const role = 'arn:aws:iam::000000000000:role/keyward-dev-admin'
    const ids = new Map<string, string | undefined>()
    for (const as of [...names, role])
      ids.set(as, (await home.env(as)).AWS_ACCESS_KEY_ID)
    expect(new Set(ids.values()).size).toBe(names.length)
    expect(ids.get(role)).toBe(ids.get('admin'))
    const ran = await runCli([
      ...['env', '--data-dir', home.dataDir, '--as', 'nobody'],
    ])
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: '',
    })
    expect(ran.stderr).toContain('See docs/errors/unknown-principal.md')
  })
})

describe('keyward local faults', () => {
  test('without a home it says so', async () => {
    const ran = await faults(join(await newFolder(), 'none'))
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: refusal('home-not-running'),
    })
    expect(ran.stderr).toContain('No local home is running in')
  })
})

describe('keyward env', () => {
  test('is what a shell can eval, also with an odd folder', async () => {
    const parent = await newFolder()
    const dataDir = join(parent, 'it\'s a $HOME `x` "folder"')
    const home = await start({ dataDir, args: ['--no-chain'] })
    const ran = await run(
      'sh',
      [
        '-c',
        'eval "$("$NODE" "$BIN" env --data-dir "$DIR")" && env | grep -E "^(AWS_|ETH_)" | sort',
      ],
      {
        env: {
          NODE: process.execPath,
          BIN: (await import('../support/runCli.js')).keywardBin,
          DIR: dataDir,
          AWS_PROFILE: 'other',
          AWS_SESSION_TOKEN: 'other',
        },
      },
    )
    expect(ran.stdout.trim().split('\n')).toEqual(
      [
        'AWS_EC2_METADATA_DISABLED=true',
        ...Object.entries(await home.env()).map(
          ([name, value]) => `${name}=${value}`,
        ),
      ].sort(),
    )
    expect(await home.env()).toEqual({
      AWS_ENDPOINT_URL: home.ready.endpoint,
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^.{40}$/),
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_KMS_KEY_ID: home.key.keyId,
    })
  })
})
