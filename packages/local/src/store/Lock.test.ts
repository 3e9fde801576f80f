import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as Lock from './Lock.js'
import * as ProcessId from './ProcessId.js'

let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyward lock '))
})
afterEach(async () => {
  for (const child of children.splice(0)) await end(child)
  rmSync(folder, { recursive: true })
})

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** A process that takes the lock on request, reports the result, and waits. */
async function contender() {
  const url = new URL('./Lock.ts', import.meta.url)
  const child = spawn(
    process.execPath,
    [
      '--import=tsx',
      '--input-type=module',
      '-e',
      `import * as Lock from ${JSON.stringify(url.href)}
       process.stdin.once('data', () => {
         try { Lock.acquire(process.argv[1]); console.log('taken') }
         catch (error) { console.log(error.code) }
       })
       console.log('ready')`,
      folder,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  children.push(child)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  return {
    child,
    async take(): Promise<string> {
      child.stdin.write('go\n')
      return (await lines.next()).value
    },
  }
}

test('a lock of another process is refused, and free after kill -9', async () => {
  const { child, take } = await contender()
  expect(await take()).toBe('taken')
  expect(() => Lock.acquire(folder)).toThrow(
    `The folder ${folder} is in use by process ${child.pid}. Stop that process, or choose another folder with --data-dir.`,
  )
  expect(Lock.holder(folder)?.pid).toBe(child.pid)
  await end(child)
  expect(Lock.holder(folder)).toBe(undefined)
  Lock.acquire(folder).release()
})

test('of many that find the same stale lock, one takes it', async () => {
  for (let round = 0; round < (soak ? 20 : 1); round++) {
    const contenders = await Promise.all(Array.from({ length: 4 }, contender))
    const results = await Promise.all(contenders.map(({ take }) => take()))
    expect(results.sort()).toEqual([
      'folder-locked',
      'folder-locked',
      'folder-locked',
      'taken',
    ])
    for (const { child } of contenders) await end(child)
  }
  expect(readdirSync(folder)).toHaveLength(1)
})

test('a process that got the number of a dead holder holds nothing', () => {
  const started = 'another boot 12345'
  const holder = { pid: process.pid, started }
  writeFileSync(join(folder, 'lock.4'), JSON.stringify({ holder }))
  const { release } = Lock.acquire(folder)
  expect(readdirSync(folder)).toEqual(['lock.5'])
  expect(Lock.holder(folder)).toEqual(ProcessId.current())
  release()
  expect(Lock.holder(folder)).toBe(undefined)
  expect(readdirSync(folder)).toEqual(['lock.5'])
})

test('a process is alive until it ends, and not its namesake', async () => {
  const child = spawn('/bin/sh', ['-c', 'read -r line'], { stdio: 'pipe' })
  children.push(child)
  await once(child, 'spawn')
  const id = ProcessId.of(child.pid!)
  expect(ProcessId.isAlive(id)).toBe(true)
  expect(ProcessId.isAlive({ ...id, started: `${id.started}0` })).toBe(false)
  await end(child)
  expect(ProcessId.isAlive(id)).toBe(false)
})
