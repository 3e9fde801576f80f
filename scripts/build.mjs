// npm run build: compiles each package's src to JavaScript in dist (file by
// file), bundles the command and the Lambda functions, and emits the type
// declarations.
import { createHash } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emitTypes } from './build/emitTypes.mjs'
import { root } from './setup/root.mjs'
import { writeAtomic } from './setup/writeAtomic.mjs'

const packagesFolder = join(root, 'packages')
const cliSources = join(packagesFolder, 'cli', 'src') + sep
const manifestFolder = join(root, 'node_modules', '.keyward-build')

/** @type {Promise<boolean> | undefined} */
let code

/**
 * Builds if a source, a build script or an installed version has changed since
 * the last build, or an output is missing. A process looks only once. Two
 * concurrent builds are harmless: they write the same content, each file as a
 * whole.
 *
 * @param {{ types?: boolean }} [options] `types` also emits declarations
 * @returns {Promise<boolean>} whether anything was built
 */
export async function ensureBuilt(options = {}) {
  code ??= ensure('code', buildCode)
  const isBuilt = await code
  // Only packing needs the declarations of these sources, and tsc takes
  // seconds.
  const types = options.types
    ? await ensure('types', () => emitTypes(manifestFolder))
    : false
  return isBuilt || types
}

/**
 * @param {string} name
 * @param {() => Promise<string[]>} build returns the outputs, relative to root
 */
async function ensure(name, build) {
  const path = join(manifestFolder, `${name}.json`)
  const last = readManifest(path)
  const present = new Set(filesIn('dist'))
  const isComplete = last?.outputs.every((output) =>
    present.has(root + sep + output),
  )
  // Each `keyward` in a checkout runs this, and times and sizes are quicker to
  // read than contents. They are read first, so that a change while the
  // contents are read is noticed next time.
  const times = hashSources(timeOf)
  if (isComplete && last?.times === times) return false
  const sources = hashSources(readFileSync)
  if (isComplete && last?.sources === sources) {
    writeAtomic(path, JSON.stringify({ ...last, times }))
    return false
  }
  if (!existsSync(join(root, 'node_modules', 'esbuild')))
    throw new Error(
      'The dependencies are not installed: run `node scripts/setup.mjs` first.',
    )
  const outputs = await build()
  for (const stale of last?.outputs ?? [])
    if (!outputs.includes(stale)) rmSync(join(root, stale), { force: true })
  writeAtomic(path, JSON.stringify({ times, sources, outputs }))
  return true
}

async function buildCode() {
  const esbuild = await import('esbuild')
  const { bundleCli } = await import('./build/bundleCli.mjs')
  const { bundleFunctions } = await import('./bundle-functions.mjs')
  const entryPoints = sourceFiles().filter(
    (file) => !isTest(file) && !file.startsWith(cliSources),
  )
  const compiled = esbuild.build({
    absWorkingDir: root,
    entryPoints: entryPoints.map((file) => ({
      in: file,
      out: relative(root, file)
        .replace(`${sep}src${sep}`, `${sep}dist${sep}`)
        .replace(/\.ts$/, ''),
    })),
    outdir: root,
    write: false,
    bundle: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
    // The root's tsconfig only affects checking, not a package's output.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  const outputFiles = [
    ...(await bundleCli(esbuild)),
    ...(await compiled).outputFiles,
  ]
  for (const { path, contents } of outputFiles)
    writeAtomic(path, contents, manifestFolder)
  // Each function gets its own folder, as Lambda needs it, for the assets of
  // the CDK package.
  const functions = (await bundleFunctions()).map((path) => {
    const bundle = join(packagesFolder, 'lambda/dist', path)
    const isAlone = !path.includes(sep)
    const place = isAlone ? join(basename(path, '.mjs'), 'index.mjs') : path
    const asset = join(packagesFolder, 'cdk/dist/functions', place)
    writeAtomic(asset, readFileSync(bundle), manifestFolder)
    return [bundle, asset]
  })
  // For `keyward explain`, which works without a checkout.
  const pages = errorPages().map((page) => {
    const copy = join(packagesFolder, 'cli/dist/error-pages', basename(page))
    writeAtomic(copy, readFileSync(page), manifestFolder)
    return copy
  })
  return [
    ...outputFiles.map(({ path }) => path),
    ...[...functions.flat(), ...pages],
  ]
    .map((path) => relative(root, path))
    .sort()
}

/** @param {(file: string) => string | Uint8Array} read */
function hashSources(read) {
  const hash = createHash('sha256').update(process.versions.node)
  const scripts = [
    ...['build.mjs', 'bundle-functions.mjs'],
    ...['bundleCli', 'emitTypes', 'shakeWasm'].map(
      (name) => `build/${name}.mjs`,
    ),
  ]
  const files = [
    ...sourceFiles().filter((file) => !isTest(file)),
    ...errorPages(),
    ...scripts.map((name) => join(root, 'scripts', name)),
    join(root, 'package-lock.json'),
  ]
  for (const file of files)
    hash.update(file.slice(root.length)).update('\0').update(read(file))
  return hash.digest('hex')
}

/** @param {string} file */
function timeOf(file) {
  const { mtimeMs, ctimeMs, size } = statSync(file)
  return `${mtimeMs} ${ctimeMs} ${size}`
}

function errorPages() {
  const folder = join(root, 'docs', 'errors')
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
    : []
}

/** Every .ts file of every package, sorted. */
function sourceFiles() {
  return filesIn('src')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort()
}

/**
 * All files in this folder of each package.
 *
 * @param {'src' | 'dist'} name
 */
function filesIn(name) {
  return readdirSync(packagesFolder)
    .map((each) => join(packagesFolder, each, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      // With types, because Node otherwise asks for the type of each entry. And
      // `join` would take longer than the reading.
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.parentPath + sep + entry.name),
    )
}

/** @param {string} file */
function isTest(file) {
  return /\.(test|test-d|bench)\.ts$/.test(file)
}

/**
 * @param {string} path
 * @returns {{ times: string, sources: string, outputs: string[] } | undefined}
 */
function readManifest(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const types = process.argv.includes('--types')
  const built = await ensureBuilt({ types })
  console.log(
    built ? 'Built packages/*/dist.' : 'packages/*/dist is up to date.',
  )
}
