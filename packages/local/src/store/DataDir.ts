import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { HomeError } from '../HomeError.js'
import { temporarySuffix, writeFileAtomicSync } from './atomicFile.js'
import * as Lock from './Lock.js'

/** The entries of a home's folder. `reset` removes only these. */
const ownEntries = [
  'chain',
  'credentials.json',
  'dynamodb',
  'home.json',
  'kms',
  'lambda',
  'logs',
  's3',
  'secretsmanager',
  'ssm',
  'stacks',
]
const marker = 'keyward-home'

export type DataDir = {
  /** Absolute path. */
  path: string
  /** Releases the folder. */
  release(): void
}

/**
 * Opens a home's folder for this process only, and creates it if it doesn't
 * exist (mode 0700, with a `.gitignore` that keeps everything out of git). From
 * then on, the files that this process creates are readable only by its user.
 *
 * @throws {HomeError} folder-not-ours (a symlink, not a folder, or a folder
 * with other things in it), folder-not-private (another user's, or
 * accessible to group or others), folder-locked.
 */
export function open(folder: string): DataDir {
  const path = resolve(folder)
  makeFolder(path)
  assertSafe(path)
  if (!isOurs(path)) {
    assertEmpty(path)
    writeFileAtomicSync(join(path, '.gitignore'), '*\n')
    writeFileAtomicSync(
      join(path, marker),
      'State of a Keyward local home. It contains keys of test accounts.\n',
    )
  }
  const lock = Lock.acquire(path)
  removeLeftovers(path)
  // This also covers files that the database and the chain open themselves.
  if (isMainThread) process.umask(0o077)
  for (const name of ['chain', 'dynamodb']) makePrivate(join(path, name))
  return { path, release: lock.release }
}

/**
 * Removes the state of a home, so that the next start is fresh. Files that
 * Keyward did not create stay. The folder doesn't have to exist.
 *
 * @throws {HomeError} as `open`.
 */
export async function reset(
  folder: string,
  /** Called to end processes that a killed home may have left running. */
  stop: (path: string) => Promise<void>,
): Promise<void> {
  if (!exists(folder)) return
  const { path, release } = open(folder)
  try {
    await stop(path)
    for (const name of ownEntries)
      rmSync(join(path, name), { recursive: true, force: true })
  } finally {
    release()
  }
}

export function exists(folder: string): boolean {
  return lstatSync(resolve(folder), { throwIfNoEntry: false }) !== undefined
}

/**
 * Checks the folder of an existing home without locking it.
 *
 * @throws {HomeError} folder-not-ours, folder-not-private.
 */
export function check(folder: string): string {
  const path = resolve(folder)
  if (!exists(path))
    throw new HomeError(
      'folder-not-ours',
      `No local home exists at ${path}. Start one with keyward local, or pass another folder with --data-dir.`,
    )
  assertSafe(path)
  if (!isOurs(path))
    throw new HomeError(
      'folder-not-ours',
      `${path} is not the folder of a local home. Pass the right folder with --data-dir.`,
    )
  return path
}

function assertSafe(path: string) {
  // lstat, because anyone who can replace a symlink's target could choose our
  // keys.
  const stat = lstatSync(path)
  if (stat.isSymbolicLink())
    throw new HomeError(
      'folder-not-ours',
      `${path} is a symbolic link. The folder of a local home must be a real folder. Pass the link's target with --data-dir.`,
    )
  if (!stat.isDirectory())
    throw new HomeError(
      'folder-not-ours',
      `${path} is not a folder. Choose a folder with --data-dir.`,
    )
  const user = process.getuid?.()
  if (user === undefined) return
  if (stat.uid !== user)
    throw new HomeError(
      'folder-not-private',
      `${path} belongs to user id ${stat.uid}, but this process runs as user id ${user}. Choose your own folder with --data-dir.`,
    )
  const mode = stat.mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new HomeError(
      'folder-not-private',
      `${path} is accessible to others (mode ${mode.toString(8).padStart(4, '0')}). The folder of a local home contains keys and must have mode 0700. If this is such a folder, run: chmod -R go= ${shellWord(path)}`,
    )
}

/** The folder's name as a single shell word. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * Creates a folder and its parents. Node's own recursive mode never returns in
 * /proc.
 */
function makeFolder(path: string) {
  try {
    if (!exists(dirname(path))) makeFolder(dirname(path))
    if (!exists(path)) mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (error instanceof HomeError) throw error
    const { code = String(error) } = error as NodeJS.ErrnoException
    throw new HomeError(
      'folder-not-ours',
      `${path} can't be created (${code}). Pass a writable folder with --data-dir.`,
      error,
    )
  }
}

function isOurs(path: string): boolean {
  const file = join(path, marker)
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true
}

function assertEmpty(path: string) {
  // The files that a killed first start may leave behind are allowed.
  const foreign = readdirSync(path).filter(
    (name) => name !== '.gitignore' && !name.endsWith(temporarySuffix),
  )
  if (foreign.length > 0)
    throw new HomeError(
      'folder-not-ours',
      `${path} contains other files and no local home. Choose an empty or new folder with --data-dir.`,
    )
}

/** Corrects the mode of files that older versions created. */
function makePrivate(path: string) {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined || stat.isSymbolicLink()) return
  if ((stat.mode & 0o077) !== 0) chmodSync(path, stat.mode & 0o700)
  if (stat.isDirectory())
    for (const name of readdirSync(path)) makePrivate(join(path, name))
}

function removeLeftovers(path: string) {
  for (const name of readdirSync(path))
    if (name.endsWith(temporarySuffix) && !name.startsWith('lock.'))
      rmSync(join(path, name), { force: true })
}
