import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { testTerminal } from '../../../test/support/testTerminal.js'
import { shred } from './shred.js'
import { readKeySource } from './source/readKeySource.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward shred '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const content = Buffer.from('0123456789abcdef'.repeat(20))
let path: string
let count = 0
beforeEach(() => {
  path = join(folder, `key ${++count}`)
  writeFileSync(path, content, { mode: 0o600 })
})

async function readIt(from = path) {
  const { file } = await readKeySource(testTerminal(), from)
  if (file === undefined) throw new Error('It is no file.')
  return file
}

async function refusal(file: Awaited<ReturnType<typeof readIt>>) {
  const error = await shred(file).then(
    () => undefined,
    (error) => error,
  )
  expect(error).toMatchObject({ name: 'ShredError', code: 'shred-refused' })
  return error.shortMessage.replace(JSON.stringify(file.path), 'It')
}

test('overwrites the content on the disk, then removes the file', async () => {
  const file = await readIt()
  // A second descriptor on the same bytes shows what happens to them.
  const held = openSync(path, 'r')
  await shred(file)
  expect(existsSync(path)).toBe(false)
  const left = Buffer.alloc(content.length)
  expect(readSync(held, left, 0, left.length, 0)).toBe(content.length)
  for (let at = 0; at + 8 <= left.length; at += 8)
    expect(content.includes(left.subarray(at, at + 8))).toBe(false)
})

test('shreds only the bytes that were read', async () => {
  const file = await readIt()
  appendFileSync(path, 'x')
  expect(await refusal(file)).toBe('It has changed since it was read.')
  writeFileSync(path, Buffer.from(content).fill(0x61, 0, 1))
  expect(await refusal(file)).toBe('It has changed since it was read.')
  expect(readFileSync(path)).toHaveLength(content.length)
})

test('a new file with the same bytes is a different file', async () => {
  const file = await readIt()
  const anew = `${path} anew`
  writeFileSync(anew, content)
  renameSync(anew, path)
  expect(await refusal(file)).toBe('It is not the file that was read.')
  expect(readFileSync(path)).toEqual(content)
})

test('does not follow a symbolic link, even one that was put there later', async () => {
  const link = `${path} link`
  symlinkSync(path, link)
  const refused = 'It is a symbolic link. Its target was not changed.'
  expect(await refusal(await readIt(link))).toBe(refused)
  const file = await readIt()
  renameSync(path, `${path} moved`)
  symlinkSync(`${path} moved`, path)
  expect(await refusal(file)).toBe(refused)
  expect(readFileSync(path)).toEqual(content)
})

test('refuses a file with other names, which would lose their content too', async () => {
  linkSync(path, `${path} other`)
  expect(await refusal(await readIt())).toBe(
    'It was not shredded: it has 2 hard links, and shredding it would also destroy the content under its other names.',
  )
  expect(readFileSync(`${path} other`)).toEqual(content)
})

test('refuses a path that is gone or is now a folder', async () => {
  const file = await readIt()
  unlinkSync(path)
  expect(await refusal(file)).toBe('It no longer exists.')
  expect(await refusal({ ...file, path: folder })).toBe('It is a folder.')
})

/** Root may write anything, so as root the test switches to nobody. */
async function asNobody<result>(work: () => Promise<result>): Promise<result> {
  if (process.geteuid?.() !== 0) return work()
  const nobody = 65534
  for (const each of [folder, path]) chownSync(each, nobody, nobody)
  process.seteuid?.(nobody)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

test('refuses a read-only file', async () => {
  const file = await readIt()
  chmodSync(path, 0o400)
  expect(await asNobody(() => refusal(file))).toBe(
    "It can't be overwritten, because you have no write permission.",
  )
  expect(readFileSync(path)).toEqual(content)
})

test('a file is shredded only once', async () => {
  const file = await readIt()
  const results = await Promise.allSettled([shred(file), shred(file)])
  expect(results.map(({ status }) => status)).toContain('fulfilled')
  expect(existsSync(path)).toBe(false)
})
