import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLambda } from '../../../../test/support/startLambda.js'

let home: Awaited<ReturnType<typeof startLambda>>
beforeAll(async () => {
  home = await startLambda({ maxConcurrency: 3 })
})
afterAll(() => home.close())

const counting = `let count = 0
  export const handler = async (event) => {
    count++
    if (event.exit) process.exit(1)
    if (event.loop) for (;;) {}
    if (event.ms) await new Promise((r) => setTimeout(r, event.ms))
    return { pid: process.pid, count }
  }`
const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0)
    // A zombie counts as ended for all other processes.
    const status = existsSync('/proc/self/status')
      ? readFileSync(`/proc/${pid}/status`, 'utf8')
      : ''
    return !/^State:\s+Z/m.test(status)
  } catch {
    return false
  }
}

test('the parent and its user are out of reach', async () => {
  process.env.KEYWARD_CANARY = 'canary-value'
  const secret = join(home.folder, '.aws')
  await mkdir(secret)
  await writeFile(join(secret, 'credentials'), 'canary-file')
  await home.put(
    'prying',
    `import fs from 'node:fs'
     import os from 'node:os'
     import { execFileSync } from 'node:child_process'
     const attempt = (what) => { try { return String(what()) } catch (error) { return error.code } }
     export const handler = async ({ secret }) => {
       fs.writeFileSync(os.tmpdir() + '/mine', 'scratch')
       return {
         names: Object.keys(process.env).sort(),
         cwd: process.cwd() === fs.realpathSync(process.env.LAMBDA_TASK_ROOT),
         files: fs.readdirSync('.'),
         scratch: fs.readFileSync(os.homedir() + '/mine', 'utf8'),
         execArgv: process.execArgv.filter((flag) => !flag.startsWith('--allow-fs')),
         secret: attempt(() => fs.readFileSync(secret)),
         home: attempt(() => fs.readdirSync(os.homedir() + '/.aws')),
         realHome: attempt(() => fs.readdirSync(os.userInfo().homedir)),
         parent: attempt(() => fs.readFileSync('/proc/' + process.ppid + '/environ')),
         shell: attempt(() => execFileSync('/bin/cat', [secret])),
         rewrite: attempt(() => fs.writeFileSync('index.mjs', '')),
       }
     }`,
    { environment: { KMS_KEY_ID: 'alias/x', PATH: '/custom' } },
  )
  const { payload } = await home.invoke('prying', {
    secret: join(secret, 'credentials'),
  })
  delete process.env.KEYWARD_CANARY
  expect(payload).toEqual({
    names: [
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_FORMAT',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_LAMBDA_RUNTIME_API',
      'AWS_NODEJS_CONNECTION_REUSE_ENABLED',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'HOME',
      'KMS_KEY_ID',
      'LAMBDA_RUNTIME_DIR',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'PATH',
      'TMPDIR',
      'TZ',
      '_HANDLER',
      '_X_AMZN_TRACE_ID',
    ],
    cwd: true,
    files: ['index.mjs'],
    scratch: 'scratch',
    execArgv: [
      '--max-old-space-size=115',
      Number(process.versions.node.split('.')[0]) >= 24
        ? '--permission'
        : '--experimental-permission',
      '--disable-warning=ExperimentalWarning',
    ],
    secret: 'ERR_ACCESS_DENIED',
    home: 'ENOENT',
    realHome: 'ERR_ACCESS_DENIED',
    parent: 'ERR_ACCESS_DENIED',
    shell: 'ERR_ACCESS_DENIED',
    rewrite: 'ERR_ACCESS_DENIED',
  })
  expect(homedir()).toBe(process.env.HOME ?? userInfo().homedir)
})

test('the Runtime API answers nobody who has not the path', async () => {
  await home.put(
    'door',
    'export const handler = async () => process.env.AWS_LAMBDA_RUNTIME_API',
  )
  const { payload } = await home.invoke('door')
  const [host] = payload.split('/')
  for (const path of ['', '/guess'])
    expect(
      (await fetch(`http://${host}${path}/2018-06-01/runtime/invocation/next`))
        .status,
    ).toBe(404)
})

test('a process is used again, and a new one follows a crash', async () => {
  await home.put('warm', counting)
  const first = (await home.invoke('warm')).payload
  expect([first.count, (await home.invoke('warm')).payload]).toEqual([
    1,
    { pid: first.pid, count: 2 },
  ])
  const crash = await home.invoke('warm', { exit: true })
  expect([crash.error, crash.payload.errorType]).toEqual([
    'Unhandled',
    'Runtime.ExitError',
  ])
  const next = (await home.invoke('warm')).payload
  expect(next.count).toBe(1)
  expect(next.pid).not.toBe(first.pid)
  expect(isRunning(first.pid)).toBe(false)
})

test('a timeout ends the process', async () => {
  await home.put('stuck', counting, { timeoutS: 1 })
  const { pid } = (await home.invoke('stuck')).payload
  await home.invoke('stuck', { loop: true })
  const next = (await home.invoke('stuck')).payload
  expect(next.count).toBe(1)
  await expect.poll(() => isRunning(pid)).toBe(false)
})

test('invocations at once run in processes of their own, up to the limit', async () => {
  await home.put('many', counting, { timeoutS: 20 })
  const run = () =>
    home.invoke('many', { ms: 1500 }).then(
      ({ payload }) => payload,
      ({ name, message, Reason, $metadata }) => ({
        name,
        message,
        Reason,
        status: $metadata.httpStatusCode,
      }),
    )
  const answers = await Promise.all([run(), run(), run(), run()])
  const refused = answers.filter(({ name }) => name !== undefined)
  expect(refused).toEqual([
    {
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ConcurrentInvocationLimitExceeded',
      status: 429,
    },
  ])
  const pids = answers.flatMap(({ pid }) => pid ?? [])
  expect(new Set(pids).size).toBe(3)
  expect(pids).toContain((await home.invoke('many')).payload.pid)
})

test('a reservation is a limit of its own, and 0 switches a function off', async () => {
  await home.put('one', counting, { reservedConcurrency: 1, timeoutS: 20 })
  await home.put('off', counting, { reservedConcurrency: 0 })
  const reasonOf = (name: string, ms: number) =>
    home.invoke(name, { ms }).then(
      ({ status }) => status,
      ({ Reason }) => Reason,
    )
  expect(
    (await Promise.all([reasonOf('one', 1500), reasonOf('one', 1500)])).sort(),
  ).toEqual([200, 'ReservedFunctionConcurrentInvocationLimitExceeded'])
  expect(await reasonOf('off', 0)).toBe(
    'ReservedFunctionConcurrentInvocationLimitExceeded',
  )
})

test('sixty answers at three at a time each go to their caller', async () => {
  await home.put('mirror', 'export const handler = async (event) => event')
  let next = 0
  const wrong: unknown[] = []
  const caller = async () => {
    while (next < 60) {
      const n = next++
      const { payload, requestId } = await home.invoke('mirror', { n })
      if (payload?.n !== n || requestId === '') wrong.push([n, payload])
    }
  }
  await Promise.all([caller(), caller(), caller()])
  expect([next, wrong]).toEqual([60, []])
})

test('a new configuration takes a new process', async () => {
  const code =
    'export const handler = async () => [process.pid, process.env.A1]'
  await home.put('changing', code, { environment: { A1: 'one' } })
  const [first, one] = (await home.invoke('changing')).payload
  await home.put('changing', code, { environment: { A1: 'one' } })
  expect((await home.invoke('changing')).payload).toEqual([first, one])
  await home.put('changing', code, { environment: { A1: 'two' } })
  const [second, two] = (await home.invoke('changing')).payload
  expect([one, two, second === first]).toEqual(['one', 'two', false])
  await expect.poll(() => isRunning(first)).toBe(false)
})

test('idle processes end, and close ends all that run', async () => {
  const short = await startLambda({ idleMs: 50 })
  await short.put('idle', counting)
  const { pid } = (await short.invoke('idle')).payload
  await expect.poll(() => isRunning(pid)).toBe(false)
  const scratch = join(short.folder, 'data', 'lambda', 'scratch')
  await expect.poll(() => readdirSync(scratch)).toEqual([])
  const running = short.invoke('idle', { loop: true })
  await expect.poll(() => readdirSync(scratch).length).toBe(1)
  await short.lambda.close()
  expect((await running).payload.errorMessage).toMatch(/signal: killed$/)
  expect(readdirSync(scratch)).toEqual([])
  await short.close()
})

test('no process outlives a parent that is killed', async () => {
  const script = join(home.folder, 'parent.mts')
  const code = join(home.folder, 'looping.mjs')
  await writeFile(code, `console.log(process.pid); ${counting}`)
  const source = new URL('./createLambda.ts', import.meta.url).href
  await writeFile(
    script,
    `import { createLambda } from ${JSON.stringify(source)}
     const lambda = createLambda({
       dataDir: ${JSON.stringify(join(home.folder, 'killed'))},
       accountId: '000000000000', region: 'us-east-1', now: Date.now,
       authorize: () => {}, endpoint: () => 'http://127.0.0.1:1',
       issueCredentials: () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }),
       log: ({ line }) => { const pid = /\\d+$/.exec(line)?.[0]; if (pid && line.includes('INFO')) console.log(pid) },
     })
     const principal = { arn: 'arn:aws:iam::000000000000:root', account: '000000000000' }
     const invoke = (name, body) => lambda.handle({
       method: 'POST', path: '/2015-03-31/functions/' + name + '/invocations',
       query: new URLSearchParams(), headers: {}, body: Buffer.from(body), requestId: name, principal })
     const define = (name) => lambda.putFunction({ name, code: { path: ${JSON.stringify(code)} },
       roleArn: 'arn:aws:iam::000000000000:role/r', timeoutS: 600 })
     await define('idle'); await define('looping')
     await invoke('idle', '{}')
     invoke('looping', '{"loop":true}')
     setInterval(() => {}, 1000)`,
  )
  const parent = spawn(
    process.execPath,
    [
      '--conditions=@keyward/source',
      '--import',
      import.meta.resolve('tsx'),
      script,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const pids: number[] = []
  for await (const line of createInterface({ input: parent.stdout })) {
    pids.push(Number(line))
    if (pids.length === 2) break
  }
  expect(pids.map(isRunning)).toEqual([true, true])
  parent.kill('SIGKILL')
  await expect
    .poll(() => pids.map(isRunning), { timeout: 10_000 })
    .toEqual([false, false])
})
