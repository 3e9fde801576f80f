import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { spawnRuntime } from './spawnRuntime.js'

test('a function whose logs nobody reads any more ends by itself', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'keyward-orphan-')))
  const taskRoot = join(folder, 'code')
  const scratch = join(folder, 'scratch')
  mkdirSync(taskRoot)
  mkdirSync(scratch)
  writeFileSync(
    join(taskRoot, 'index.mjs'),
    `export const handler = async () => {
       for (;;) { console.log('at work'); await new Promise((r) => setTimeout(r, 5)) }
     }`,
  )
  // A Runtime API with one event that never answers anything else.
  const api = createServer((_request, response) => {
    response.writeHead(200, { 'lambda-runtime-aws-request-id': 'one' })
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  const { port } = api.address() as AddressInfo
  const child = spawnRuntime({
    env: {
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}/token`,
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: 'index.handler',
    },
    memorySizeMb: 128,
    taskRoot,
    scratch,
  })
  try {
    const ended = once(child, 'exit')
    child.stderr?.resume()
    if (child.stdout) await once(child.stdout, 'data')
    child.stdout?.destroy()
    child.stderr?.destroy()
    expect(await ended).toEqual([1, null])
  } finally {
    child.kill('SIGKILL')
    api.close()
    api.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
}, 20_000)
