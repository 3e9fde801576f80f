import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLambda } from '../../../../test/support/startLambda.js'

// In AWS, a function has its own machine. Here, Node's permission model
// restricts only files, not signals or file system sockets, through which a
// function could reach the user's processes.

let home: Awaited<ReturnType<typeof startLambda>>
beforeAll(async () => {
  home = await startLambda()
})
afterAll(() => home.close())

/** Codes of refused attempts, by name; successful ones are `done`. */
const attempts = (body: string) => `
  import net from 'node:net'
  const tried = async (work) => {
    try { await work(); return 'done' } catch (error) { return error.code ?? String(error) }
  }
  const connected = (socket) => new Promise((resolve, reject) =>
    socket.on('connect', resolve).on('error', reject))
  const listening = (server) => new Promise((resolve, reject) =>
    server.on('listening', () => server.close(resolve)).on('error', reject))
  export const handler = async (event) => (${body})
`

test('no signal reaches another process, and none opens its debugger', async () => {
  await home.put(
    'signals',
    attempts(`{
      parent: await tried(() => process.kill(process.ppid, 'SIGUSR1')),
      asText: await tried(() => process.kill(String(process.ppid), 0)),
      group: await tried(() => process.kill(-event.pid, 0)),
      all: await tried(() => process.kill(-1, 0)),
      raw: process._kill(event.pid, 10) < 0,
      debug: await tried(() => process._debugProcess(event.pid)),
      again: await tried(() => { delete process._kill; process._kill = () => 0 }),
      own: await tried(() => process.kill(process.pid, 0)),
    }`),
  )
  const idle = ['-e', 'setTimeout(() => {}, 60000)']
  const other = spawn(process.execPath, idle, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let said = ''
  other.stderr.on('data', (chunk: Buffer) => {
    said += chunk
  })
  await once(other, 'spawn')
  const { payload } = await home.invoke('signals', { pid: other.pid })
  expect(payload).toEqual({
    parent: 'EPERM',
    asText: 'EPERM',
    group: 'EPERM',
    all: 'EPERM',
    raw: true,
    debug: expect.stringContaining('is not a function'),
    again: expect.stringMatching(/TypeError/),
    own: 'done',
  })
  const exited = once(other, 'exit')
  expect(other.exitCode).toBe(null)
  other.kill('SIGKILL')
  await exited
  expect(said).toBe('')
})

test('no socket of the file system is reached or made, and those of TCP are', async () => {
  const path = join(home.folder, 'docker.sock')
  const docker = createServer((socket) => socket.end())
  await once(docker.listen(path), 'listening')
  await home.put(
    'sockets',
    attempts(`{
      path: await tried(() => connected(net.connect(event.path))),
      options: await tried(() => connected(net.connect({ path: event.path }))),
      made: await tried(() => listening(net.createServer().listen(event.path + '2'))),
      own: await tried(() => listening(net.createServer().listen(process.env.TMPDIR + '/s'))),
      tcp: await tried(() => connected(net.connect(event.port, '127.0.0.1'))),
      tcpServer: await tried(() => listening(net.createServer().listen(0, '127.0.0.1'))),
    }`),
  )
  const { payload } = await home.invoke('sockets', {
    path,
    port: home.server.port,
  })
  expect(payload).toEqual({
    path: 'EACCES',
    options: 'EACCES',
    made: 'EACCES',
    own: 'EACCES',
    tcp: 'done',
    tcpServer: 'done',
  })
  docker.close()
})
