import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { forgetInstalled, isInstalled } from './installed.mjs'
import { takeLock } from './lock.mjs'
import { root } from './root.mjs'
import { adoptRunTree, runTree, writeRunTree } from './runTree.mjs'

// The run tree has no dev dependencies. Everything else needs them, even if
// NODE_ENV=production is set.
const command = [
  'ci',
  '--include=dev',
  '--include=optional',
  // No dependency needs its install script, and npm 10 would run them all.
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--no-update-notifier',
  '--loglevel=error',
]

/**
 * Runs `npm ci`, unless all packages of this extent are installed. Waits for
 * another setup of the same folder.
 *
 * @param {import('./installed.mjs').Extent} extent
 * @returns {Promise<void>}
 * @throws {Error} if npm fails
 */
export async function installDependencies(extent) {
  if (isInstalled(extent)) return
  const lock = await takeLock(join(root, '.keyward-setup.lock'), (holder) =>
    say(`Waiting for another setup of this folder (process ${holder}).`),
  )
  try {
    if (isInstalled(extent)) return
    say(
      extent === 'run'
        ? 'Installing dependencies with npm ci: up to a minute.'
        : 'Installing dependencies with npm ci: half a minute to a few minutes.',
    )
    const start = Date.now()
    forgetInstalled()
    if (extent === 'run') {
      writeRunTree()
      await runNpm(lock, runTree)
      adoptRunTree()
    } else await runNpm(lock, root)
    say(`Dependencies installed in ${seconds(start)} s.`)
  } finally {
    lock.release()
  }
}

/**
 * @param {import('./lock.mjs').Lock} lock
 * @param {string} folder
 * @returns {Promise<void>}
 */
function runNpm(lock, folder) {
  return new Promise((resolve, reject) => {
    const start = Date.now()
    const npm = spawn('npm', command, {
      cwd: folder,
      env: npmEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (npm.pid !== undefined) lock.add(npm.pid)

    /** @type {string[]} */
    const output = []
    for (const stream of [npm.stdout, npm.stderr])
      stream.setEncoding('utf8').on('data', (text) => output.push(text))

    const ticker = setInterval(
      () => say(`  still installing (${seconds(start)} s)`),
      20_000,
    )
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
    let stoppedBy = ''
    /** @param {NodeJS.Signals} signal */
    const stop = (signal) => {
      stoppedBy = signal
      // npm finishes its work before it reacts to SIGTERM, and the next setup
      // starts from scratch anyway.
      npm.kill('SIGKILL')
    }
    for (const signal of signals) process.on(signal, stop)

    /** @param {string} [problem] */
    const finish = (problem) => {
      clearInterval(ticker)
      for (const signal of signals) process.off(signal, stop)
      if (problem === undefined) resolve()
      else reject(new Error(problem))
    }
    npm.on('error', (error) =>
      finish(`npm could not be started (${error.message}). Is it on PATH?`),
    )
    npm.on('close', (code, signal) => {
      if (stoppedBy) finish(`Setup was stopped by ${stoppedBy}.`)
      else if (code === 0) finish()
      else
        finish(
          `${output.join('').trim().split('\n').slice(-40).join('\n')}\n\n` +
            `npm ci failed (${signal ?? `exit code ${code}`}) in ${folder}: ` +
            'fix the problem that npm reports above, and run the command again.',
        )
    })
  })
}

/**
 * If npm runs this script, it sets variables about its own command (its
 * package, flags such as --silent or --json). They must not affect our npm.
 */
function npmEnvironment() {
  const passedDown =
    /^npm_(package|lifecycle|config_(loglevel|json|workspaces?|omit|include|ignore_scripts|dry_run|package_lock)$)/
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      !passedDown.test(name) &&
      // If HOME is empty, npm uses a folder named ~ in the checkout. If the
      // variable is missing, npm asks the system for the home folder.
      !(name === 'HOME' && value === ''),
  )
  return Object.fromEntries(kept)
}

/** @param {number} start */
function seconds(start) {
  return Math.round((Date.now() - start) / 1000)
}

/** @param {string} line */
function say(line) {
  // stdout belongs to the command that needs this setup (--json, for example).
  console.error(line)
}
