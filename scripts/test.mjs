// npm test -- [--without TOOL]... [--soak] [vitest's arguments]
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { provideHardhat } from './setup/hardhat.mjs'
import { installDependencies } from './setup/installDependencies.mjs'
import { provideNode } from './setup/nodes.mjs'
import { root } from './setup/root.mjs'
import { provideSafe } from './setup/safe.mjs'
import { provideTools, tools } from './setup/tools.mjs'
import { ensureSynthesized } from './synth.mjs'

try {
  const { without, soak, rest } = parseArguments(process.argv.slice(2))
  const [missing] = await Promise.all([
    provideTools(without),
    installDependencies('all').then(() => ensureSynthesized()),
  ])
  // Few tests need these. They wait for them, or install them again and say why
  // that failed.
  const parts = [provideNode('node24'), provideHardhat(), provideSafe()]
  const provided = Promise.allSettled(parts)
  const leftOut = [...without, ...missing]
  const variables = {
    KEYWARD_WITHOUT: leftOut.join(','),
    ...(soak ? { KEYWARD_SOAK: '1' } : {}),
  }
  process.exitCode = await runVitest(rest, variables)
  // Run the tests again, with homes that behave like AWS at its worst.
  if (soak && rest.length === 0) {
    const hard = { ...variables, KEYWARD_AWS_STRICT: '1' }
    process.exitCode = Math.max(
      process.exitCode,
      await runVitest(['test/cli/'], hard),
    )
  }
  await provided
  if (leftOut.length > 0)
    console.log(
      `\n*** LEFT OUT: every test that needs ${leftOut.join(', ')} ` +
        `(${missing.length > 0 ? `missing here: ${missing.join(', ')}` : '--without'}). ` +
        'This run did not test them. ***\n',
    )
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/** @param {string[]} argv */
function parseArguments(argv) {
  /** @type {string[]} */
  const without = []
  /** @type {string[]} */
  const rest = []
  let soak = false
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? ''
    if (argument === '--soak') soak = true
    else if (/^--without(=|$)/.test(argument)) {
      const names = argument.includes('=')
        ? argument.slice('--without='.length)
        : argv[++i]
      for (const name of (names ?? '').split(',')) {
        if (!Object.hasOwn(tools, name))
          throw new Error(
            `--without needs one of ${Object.keys(tools).join(', ')}; ` +
              `${JSON.stringify(name)} is not a tool that the tests use.`,
          )
        if (!without.includes(name)) without.push(name)
      }
    } else rest.push(argument)
  }
  return { without, soak, rest }
}

/**
 * @param {string[]} rest
 * @param {Record<string, string>} variables
 * @returns {Promise<number>} the exit code
 */
function runVitest(rest, variables) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...rest], {
    cwd: root,
    env: { ...testEnvironment(), ...variables },
    stdio: 'inherit',
  })
  // A signal from the terminal also reaches vitest. A signal to only this
  // process must not leave it running.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/**
 * Keeps the developer's own AWS account out of the tests' reach, unless
 * REMOTE=1 runs the conformance suite against it.
 */
function testEnvironment() {
  if (process.env.REMOTE === '1') return process.env
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(AWS_|ETH_|KMS_KEY_ID$|KEYWARD_)/.test(name),
    ),
  )
}
