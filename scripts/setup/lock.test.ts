import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from './lock.mjs'
import { root } from './root.mjs'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyward lock '))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process that takes the lock, says so, and keeps it until it is killed. */
async function holder(added?: number) {
  const module = pathToFileURL(join(root, 'scripts/setup/lock.mjs')).href
  const script = `const { takeLock } = await import(${JSON.stringify(module)})
    const lock = await takeLock(${JSON.stringify(path)}, () => console.log('waits'))
    ${added === undefined ? '' : `lock.add(${added})`}
    console.log('holds')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [word] = await once(child.stdout, 'data')
  return { child, word: String(word).trim() }
}

test('a lock is free again after its release', async () => {
  for (let i = 0; i < 3; i++) {
    const lock = await takeLock(path, () => expect.fail('nobody holds it'))
    expect(existsSync(path)).toBe(true)
    lock.release()
    expect(existsSync(path)).toBe(false)
  }
})

test('the next one waits for a living holder, not for a killed one', async () => {
  const first = await holder()
  const second = await holder()
  expect([first.word, second.word]).toEqual(['holds', 'waits'])
  first.child.kill('SIGKILL')
  const [word] = await once(second.child.stdout, 'data')
  expect(String(word)).toBe('holds\n')
  second.child.kill('SIGKILL')
  await once(second.child, 'exit')
  const lock = await takeLock(path, () => expect.fail('nobody lives'))
  lock.release()
})

test('a lock outlives its killed owner while a process added to it lives', async () => {
  const npm = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const owner = await holder(npm.pid)
  owner.child.kill('SIGKILL')
  await once(owner.child, 'exit')
  const waitedFor: string[] = []
  const next = await takeLock(path, (pid) => {
    waitedFor.push(pid)
    npm.kill('SIGKILL')
  })
  expect(waitedFor).toEqual([String(npm.pid)])
  next.release()
})
