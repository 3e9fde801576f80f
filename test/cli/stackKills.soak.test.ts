import { spawn } from 'node:child_process'
import { ListKeysCommand } from '@aws-sdk/client-kms'
import { afterEach, expect, test } from 'vitest'
import { connectKms } from '../support/connectKms.js'
import { cleanEnv, keywardBin, type Ran } from '../support/runCli.js'
import { startBareHome } from '../support/startBareHome.js'

// Whatever is killed at whatever step, the same command again brings the
// stack where it was to go, and no key is made twice or lost.

type Home = Awaited<ReturnType<typeof startBareHome>>
const homes: Home[] = []
const open = async () => {
  const home = await startBareHome()
  homes.push(home)
  return home
}
afterEach(async () => {
  for (const home of homes.splice(0)) await home.close()
})

const slow = 900_000
const destroyArgs = ['destroy', '--break-glass-profile', 'break-glass']

/** Runs `keyward` as the operator and does something at a line of stderr. */
async function runUntil(
  home: Home,
  args: readonly string[],
  line: RegExp,
  act: (kill: () => void) => unknown,
): Promise<Ran & { acted: boolean }> {
  const env = cleanEnv(await home.envOf('operator'))
  const child = spawn(process.execPath, [keywardBin, ...args, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr, acted] = ['', '', false]
  let acting: unknown
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (acted || !line.test(stderr)) return
    acted = true
    acting = act(() => child.kill('SIGKILL'))
  })
  const code = await new Promise<number | null>((resolve) =>
    child.on('exit', resolve),
  )
  await acting
  return { code, stdout, stderr, acted }
}

/** Keys of the home's KMS. */
async function countKeys(home: Home): Promise<number> {
  const env = await home.envOf('operator')
  const client = connectKms(env)
  const { Keys = [] } = await client.send(new ListKeysCommand({}))
  client.destroy()
  return Keys.length
}

const deploySteps = [
  /Synthesizing/,
  /Publishing/,
  /Changes to/,
  /CREATE_IN_PROGRESS/,
  /Pinning it/,
]
const destroySteps = [/Plan for/, /DELETE_IN_PROGRESS/]

async function expectDeployed(home: Home) {
  const ran = await home.as('operator', 'deploy')
  expect(ran.stderr + ran.stdout).toContain('"pin":"0x')
  expect(ran.code).toBe(0)
  expect(ran.data.pin).toBe(ran.data.address)
  expect(await countKeys(home)).toBe(1)
}

async function expectDestroyed(home: Home, ...more: string[]) {
  const ran = await home.as('operator', ...destroyArgs, ...more)
  expect(ran).toMatchObject({
    ...{ code: 0 },
    data: { complete: true, keyState: 'PendingDeletion' },
  })
  expect((await home.as('operator', 'status')).stderr).toContain(
    'stack-missing',
  )
}

test('the command line is killed at every step', {
  timeout: slow,
}, async () => {
  const home = await open()
  for (const step of deploySteps) {
    const ran = await runUntil(home, ['deploy'], step, (kill) => kill())
    // What was done before is not done again, so a step may not come.
    expect({ step, ...ran }).toMatchObject(
      ran.acted ? { code: null } : { code: 0 },
    )
  }
  await expectDeployed(home)
  for (const step of destroySteps)
    await runUntil(home, destroyArgs, step, (kill) => kill())
  await expectDestroyed(home)
})

test('the local home is killed at every step', {
  timeout: slow,
}, async () => {
  const home = await open()
  // While the stack is synthesised nothing is asked of the home.
  for (const step of deploySteps.filter(
    ({ source }) => source !== 'Synthesizing',
  )) {
    const ran = await runUntil(home, ['deploy'], step, () => home.kill())
    if (ran.acted) {
      expect(ran.code).toBe(1)
      expect(ran.stderr).toMatch(
        /\nSee docs\/errors\/[a-z-]+\.md, or run: keyward explain /,
      )
      await home.restart()
    }
  }
  await expectDeployed(home)
  for (const step of destroySteps) {
    const ran = await runUntil(home, destroyArgs, step, () => home.kill())
    if (ran.acted) await home.restart()
  }
  // A home that starts with a stack gives its key ether.
  await expectDestroyed(home, '--even-with-funds')
})

test('two deployments at once: one stack, one key', {
  timeout: slow,
}, async () => {
  const home = await open()
  const both = await Promise.all([
    home.as('operator', 'deploy'),
    home.as('operator', 'deploy'),
  ])
  for (const { code, stderr } of both)
    if (code !== 0) expect(stderr).toContain('docs/errors/deploy-overtaken.md')
  expect(both.map(({ code }) => code)).toContain(0)
  await expectDeployed(home)
})
