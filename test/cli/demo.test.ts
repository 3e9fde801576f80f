import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nextSteps } from '../../packages/cli/src/commands/local/demo/nextSteps.js'
import { cleanEnv, keywardBin, root, run, runCli } from '../support/runCli.js'
import { soak, toolPath, without } from '../support/tools.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward-demo-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const mined = (address: string) => ({
  hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
  blockNumber: expect.any(Number),
  status: 'success',
  from: address,
})

test('tells the story, exits 0 and leaves nothing behind', async () => {
  const ran = await runCli(['demo'], { env: { TMPDIR: folder } })
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({
    code: 0,
    stderr: '',
  })
  for (const step of [1, 2, 3, 4, 5, 6])
    expect(ran.stdout).toContain(`\n${step}. `.slice(step === 1 ? 1 : 0))
  for (const { command } of nextSteps)
    expect(ran.stdout).toContain(`\n  ${command}\n`)
  expect(await readdir(folder)).toEqual([])
})

// Without `prestart`, which would install anew when the lockfile has changed,
// under the feet of tests that run.
test('npm start -- --json ends in exactly this line', async () => {
  const ran = await run('npm', ['start', '--ignore-scripts', '--', '--json'], {
    env: { TMPDIR: folder, HOME: folder },
  })
  expect(ran.code).toBe(0)
  const result = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '')
  expect(result).toEqual({
    address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
    keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    eip1559: mined(result.address),
    legacy: mined(result.address),
  })
  expect(result.eip1559.hash).not.toBe(result.legacy.hash)
})

test('--stay keeps it up until Ctrl-C, then cleans up and exits 0', async () => {
  const child = spawn(process.execPath, [keywardBin, 'demo', '--stay'], {
    env: cleanEnv({ TMPDIR: folder }),
  })
  const closed = once(child, 'close')
  const text = await until(child.stdout, /Everything stays up[\s\S]*--in -\n/)
  const command = /eval "\$\(npx keyward env[^\n]*\)"/.exec(text)?.[0]
  const ran = await run('sh', ['-c', `${command} && npx keyward key address`])
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({
    code: 0,
    stdout: `${/address (0x\w{40})/.exec(text)?.[1]}\n`,
  })
  child.kill('SIGINT')
  expect(await closed).toEqual([0, null])
  expect(await readdir(folder)).toEqual([])
})

test('Ctrl-C on the way stops it: exit 1, nothing left', async () => {
  const child = spawn(process.execPath, [keywardBin, 'demo'], {
    env: cleanEnv({ TMPDIR: folder }),
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const closed = once(child, 'close')
  await until(child.stdout, /1\. Starting/)
  child.kill('SIGINT')
  expect(await closed).toEqual([1, null])
  expect(stderr).toContain('Error: Stopped by SIGINT before the end.')
  expect(await readdir(folder)).toEqual([])
})

test.skipIf(without('aws'))(
  'every command it prints runs exactly as printed',
  async () => {
    // In a folder of its own, so that no one's `.keyward` is touched, and on
    // free ports, since 4566 and 8545 may be taken on this machine.
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const env = {
      PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}`,
      HOME: folder,
      npm_config_offline: 'true',
      KEYWARD_PORT: '0',
      KEYWARD_CHAIN_PORT: '0',
    }
    const [first, ...others] = nextSteps.map(({ command }) => command)
    // A group of its own, as a terminal gives it, to press Ctrl-C on.
    const home = spawn('sh', ['-c', first ?? ''], {
      cwd: folder,
      env: cleanEnv(env),
      detached: true,
    })
    const closed = once(home, 'close')
    try {
      const ready = await until(
        home.stdout,
        /The local home is up[\s\S]*list-keys\n/,
      )
      const address = /alias\/keyward-dev {2}(0x\w{40})/.exec(ready)?.[1]
      const script = others
        .map((command) => `${command}\necho "-- $?"`)
        .join('\n')
      const ran = await run('sh', ['-c', script], { env, cwd: folder })
      const outputs = ran.stdout.split(/-- (\d+)\n/)
      const codes = outputs.filter((_, index) => index % 2 === 1)
      expect({ codes, stderr: ran.stderr }).toEqual({
        codes: others.map(() => '0'),
        stderr: expect.stringMatching(
          /^local home http:\/\/127\.0\.0\.1:\d+\n/,
        ),
      })
      const [, , aws, , cast, , signature] = outputs
      expect(JSON.parse(aws ?? '').KeyMetadata).toMatchObject({
        KeySpec: 'ECC_SECG_P256K1',
        KeyState: 'Enabled',
      })
      expect(cast?.trim().toLowerCase()).toBe(address?.toLowerCase())
      expect(signature).toContain(`address    ${address}`)
      // What `keyward local` itself prints, in the same words.
      const printed = [...ready.matchAll(/^ {2}((?:eval|npx|aws) .*)$/gm)]
      for (const command of soak ? printed : printed.slice(0, 1)) {
        const all = `eval "$(npx keyward env)"; ${command[1]}`
        expect((await run('sh', ['-c', all], { env, cwd: folder })).code).toBe(
          0,
        )
      }
    } finally {
      process.kill(-(home.pid as number), 'SIGINT')
      await closed
    }
  },
)

/** What a stream has said once it matches; fails when it ends before. */
function until(
  stream: NodeJS.ReadableStream,
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      text += chunk
      if (pattern.test(text)) resolve(text)
    })
    stream.on('end', () => reject(new Error(`It ended after:\n${text}`)))
  })
}
