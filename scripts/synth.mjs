// npm run synth: writes the default stack to packages/cdk/cdk.out, like
// `cdk synth`. The local home loads it, and `cdk deploy` sends it. Without
// aws-cdk-lib, it uses the committed copy of the template.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assemble, policyFile, templateFile } from './assemble.mjs'
import { ensureBuilt } from './build.mjs'
import { takeLock } from './setup/lock.mjs'
import { root } from './setup/root.mjs'
import { writeAtomic } from './setup/writeAtomic.mjs'

const cdk = join(root, 'packages', 'cdk')
const settings = join(cdk, 'local.context.json')
export const assembly = join(cdk, 'cdk.out')

/**
 * Synthesizes only if the constructs, the bundles, the settings or an installed
 * version have changed, because it takes seconds of CPU time.
 *
 * @param {() => void} [onStart] called before the long part
 * @returns {Promise<boolean>} whether it synthesized again
 */
export async function ensureSynthesized(onStart = () => {}) {
  await ensureBuilt()
  const inputs = hashInputs()
  if (isCurrent(inputs)) return false
  // Only one synthesis runs at a time: a second one would remove the folder
  // while a home loads the first one's output.
  const lock = await takeLock(`${assembly}.lock`, () => {})
  try {
    if (isCurrent(inputs)) return false
    onStart()
    synthesize(inputs)
    return true
  } finally {
    lock.release()
  }
}

const stamp = join(assembly, '.inputs')
const hasCdk = existsSync(join(root, 'node_modules', 'aws-cdk-lib'))

/** @param {string} inputs */
function isCurrent(inputs) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs
}

/**
 * Writes to a temporary folder and then moves it, so that nobody loads a
 * partial assembly.
 *
 * @param {string} inputs
 */
function synthesize(inputs) {
  // Remove folders left by a killed synthesis.
  for (const name of readdirSync(cdk))
    if (/^cdk\.out\.\d+$/.test(name))
      rmSync(join(cdk, name), { recursive: true, force: true })
  const fresh = `${assembly}.${process.pid}`
  if (hasCdk) runApp(fresh)
  else assemble(fresh)
  writeAtomic(join(fresh, '.inputs'), inputs)
  rmSync(assembly, { recursive: true, force: true })
  renameSync(fresh, assembly)
}

/** @param {string} folder */
function runApp(folder) {
  execFileSync(process.execPath, [join(cdk, 'dist', 'app.js')], {
    cwd: cdk,
    env: {
      ...process.env,
      // The tests let the CDK check the template.
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: readFileSync(settings, 'utf8'),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function hashInputs() {
  const hash = createHash('sha256').update(hasCdk ? 'app' : 'template')
  const dist = join(cdk, 'dist')
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?js$/.test(file))
    .sort()
    .map((file) => join(dist, file))
  const lock = join(root, 'package-lock.json')
  const others = [settings, policyFile, templateFile, lock]
  for (const file of [...files, ...others])
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const done = await ensureSynthesized()
  console.log(`packages/cdk/cdk.out ${done ? 'is written' : 'is up to date'}.`)
}
