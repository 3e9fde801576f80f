import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nextSteps } from '../../packages/toolkit/src/home/demo/nextSteps.js'
import {
  cleanEnv,
  keywardBin,
  run,
  runCli,
  spawnCli,
} from '../support/runCli.js'
import { withoutHsm } from '../support/softHsm.js'
import { soak } from '../support/tools.js'
import { untilSaid } from '../support/untilSaid.js'

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

test.runIf(soak)(
  '--stay keeps it up until Ctrl-C, then cleans up and exits 0',
  async () => {
    const child = spawn(process.execPath, [keywardBin, 'demo', '--stay'], {
      env: cleanEnv({ TMPDIR: folder }),
    })
    const closed = once(child, 'close')
    const text = await untilSaid(
      child.stdout,
      /Everything keeps running[\s\S]*--in -\n/,
    )
    const command = /eval "\$\(npx --no-install keyward env[^\n]*\)"/.exec(
      text,
    )?.[0]
    const ran = await run('sh', [
      '-c',
      `${command} && npx --no-install keyward key address`,
    ])
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 0,
      stdout: `${/address (0x\w{40})/.exec(text)?.[1]}\n`,
    })
    child.kill('SIGINT')
    expect(await closed).toEqual([0, null])
    expect(await readdir(folder)).toEqual([])
  },
)

test.runIf(soak)(
  'Ctrl-C on the way stops it: exit 1, nothing left',
  async () => {
    const child = spawn(process.execPath, [keywardBin, 'demo'], {
      env: cleanEnv({ TMPDIR: folder }),
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    const closed = once(child, 'close')
    await untilSaid(child.stdout, /1\. Starting/)
    child.kill('SIGINT')
    expect(await closed).toEqual([1, null])
    expect(stderr).toContain(
      'Error: SIGINT stopped the command before it was done.',
    )
    expect(await readdir(folder)).toEqual([])
  },
)

test.skipIf(withoutHsm)(
  'on a token: two receipts, and nothing left',
  async () => {
    const ran = await spawnCli(['demo', '--service', 'pkcs11', '--json'], {
      env: { TMPDIR: folder },
    })
    expect(ran.code).toBe(0)
    const result = JSON.parse(ran.stdout)
    expect(result).toEqual({
      address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      keyId: expect.stringMatching(/^pkcs11:token=keyward-demo;/),
      eip1559: mined(result.address),
      legacy: mined(result.address),
    })
    expect(await readdir(folder)).toEqual([])
  },
)
