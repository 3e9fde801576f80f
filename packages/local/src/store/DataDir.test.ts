import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HomeError } from '../HomeError.js'
import * as DataDir from './DataDir.js'

let parent: string
let path: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'keyward data '))
  path = join(parent, 'home')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(parent, { recursive: true })
})

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)
const nothing = async () => {}

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof HomeError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}

test('a new folder is private, out of git, and opens again', () => {
  const first = DataDir.open(join(path, 'deeper'))
  expect(first.path).toBe(join(path, 'deeper'))
  expect(mode(first.path)).toBe('700')
  expect(readFileSync(join(first.path, '.gitignore'), 'utf8')).toBe('*\n')
  for (const name of readdirSync(first.path))
    expect(mode(join(first.path, name))).toBe('600')
  first.release()
  DataDir.open(first.path).release()
})

test.runIf(process.platform === 'linux')(
  'a folder that cannot be made is refused, and is not tried for ever',
  () => {
    expect(refusal(() => DataDir.open('/proc/keyward/home'))).toBe(
      "folder-not-ours: /proc/keyward can't be created (ENOENT). Pass a writable folder with --data-dir.",
    )
  },
)

test('a folder that is open is refused to a second opener', () => {
  const { release } = DataDir.open(path)
  const text = `folder-locked: The folder ${path} is in use by process ${process.pid}. Stop that process, or choose another folder with --data-dir.`
  expect(refusal(() => DataDir.open(path))).toBe(text)
  release()
  expect(refusal(() => DataDir.open(path).release())).toBe('accepted')
})

test('a symbolic link is refused, also one to a home', () => {
  DataDir.open(path).release()
  const link = join(parent, 'link')
  symlinkSync(path, link)
  const text = `folder-not-ours: ${link} is a symbolic link. The folder of a local home must be a real folder. Pass the link's target with --data-dir.`
  expect(refusal(() => DataDir.open(link))).toBe(text)
  expect(refusal(() => DataDir.check(link))).toBe(text)
})

test('a file is refused', () => {
  writeFileSync(path, '')
  const text = `folder-not-ours: ${path} is not a folder. Choose a folder with --data-dir.`
  expect(refusal(() => DataDir.check(path))).toBe(text)
  expect(refusal(() => DataDir.open(path))).toBe(text)
})

test.each([0o750, 0o701, 0o770, 0o704, 0o755])(
  'mode %o is refused, with the way out',
  (bits) => {
    DataDir.open(path).release()
    chmodSync(path, bits)
    const text = `folder-not-private: ${path} is accessible to others (mode 0${bits.toString(8)}). The folder of a local home contains keys and must have mode 0700. If this is such a folder, run: chmod -R go= '${path}'`
    expect(refusal(() => DataDir.open(path))).toBe(text)
    expect(refusal(() => DataDir.check(path))).toBe(text)
  },
)

test('what it says to run does nothing but that, whatever the name', () => {
  const named = join(parent, `it's $(touch owned) \`touch owned\` "x"`)
  DataDir.open(named).release()
  chmodSync(named, 0o755)
  const [, command = ''] = refusal(() => DataDir.check(named)).split('run: ')
  execFileSync('sh', ['-c', command], { cwd: parent })
  expect(statSync(named).mode & 0o777).toBe(0o700)
  expect(readdirSync(parent)).not.toContain('owned')
})

test("another user's folder is refused", () => {
  DataDir.open(path).release()
  const own = process.getuid!()
  const present = process as { getuid(): number }
  vi.spyOn(present, 'getuid').mockReturnValue(own + 1)
  expect(refusal(() => DataDir.open(path))).toBe(
    `folder-not-private: ${path} belongs to user id ${own}, but this process runs as user id ${own + 1}. Choose your own folder with --data-dir.`,
  )
})

test('a folder with other things in it stays as it is', async () => {
  mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(path, 'thesis.txt'), 'years of work')
  const text = `folder-not-ours: ${path} contains other files and no local home. Choose an empty or new folder with --data-dir.`
  expect(refusal(() => DataDir.open(path))).toBe(text)
  await expect(DataDir.reset(path, nothing)).rejects.toThrow(
    'contains other files',
  )
  expect(readdirSync(path)).toEqual(['thesis.txt'])
})

test('what a killed first start left is no reason to refuse', () => {
  mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(path, '.gitignore'), '*\n')
  writeFileSync(join(path, 'keyward-home.0-1.tmp'), '')
  DataDir.open(path).release()
  expect(existsSync(join(path, 'keyward-home.0-1.tmp'))).toBe(false)
})

test('reset removes what is ours and nothing else', async () => {
  DataDir.open(path).release()
  mkdirSync(join(path, 'kms'))
  writeFileSync(join(path, 'kms', 'key'), '')
  writeFileSync(join(path, 'credentials.json'), '{}')
  writeFileSync(join(path, 'notes.txt'), '')
  const stopped: string[] = []
  await DataDir.reset(path, async (folder) => {
    stopped.push(folder)
  })
  expect(stopped).toEqual([path])
  expect(readdirSync(path).filter((name) => !name.startsWith('lock.'))).toEqual(
    ['.gitignore', 'keyward-home', 'notes.txt'],
  )
  DataDir.open(path).release()
})

test('reset refuses a folder in use and takes one that is absent', async () => {
  await DataDir.reset(path, nothing)
  expect(existsSync(path)).toBe(false)
  const { release } = DataDir.open(path)
  writeFileSync(join(path, 'credentials.json'), '{}')
  await expect(DataDir.reset(path, nothing)).rejects.toMatchObject({
    code: 'folder-locked',
  })
  expect(existsSync(join(path, 'credentials.json'))).toBe(true)
  release()
})
