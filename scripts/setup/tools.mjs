import { execFile, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Third-party programs that the tests run. The setup and the tests
 * (test/support/tools.ts) share this list.
 *
 * @type {Record<string, {
 *   debian: string, brew: string, probe: string[], answer?: RegExp,
 *   status?: number, optional?: true
 * }>}
 */
export const tools = {
  aws: {
    debian: 'awscli',
    brew: 'awscli',
    probe: ['--version'],
    // Version 1, which pip installs, has other exit codes and parameters.
    answer: /^aws-cli\/2\./,
  },
  gcc: {
    debian: 'gcc libc6-dev',
    brew: 'gcc',
    probe: ['--version'],
    optional: true,
  },
  openssl: { debian: 'openssl', brew: 'openssl@3', probe: ['version'] },
  'pkcs11-tool': {
    debian: 'opensc',
    brew: 'opensc',
    // This tool has no version option.
    probe: ['--version'],
    answer: /^Usage: pkcs11-tool/m,
    status: 2,
    optional: true,
  },
  'softhsm2-util': {
    debian: 'softhsm2',
    brew: 'softhsm',
    probe: ['--version'],
    optional: true,
  },
  spin: { debian: 'spin', brew: 'spin', probe: ['-V'], optional: true },
  xxd: { debian: 'xxd', brew: 'vim', probe: ['-v'] },
}

/**
 * Finds a tool: Debian's own in /usr/bin or, failing that, the first on PATH
 * that works (a version manager's shim may be broken).
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function findTool(name) {
  const tool = tools[name] ?? { probe: ['--version'] }
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path) && works(path, tool))
}

/**
 * Makes sure that every tool is installed, except those left out. As root on
 * Debian, it uses apt-get; otherwise, it says how to get them.
 *
 * @param {readonly string[]} leftOut
 * @returns {Promise<string[]>} missing optional tools, whose tests are left out
 * @throws {Error} naming the missing tools and how to get them
 */
export async function provideTools(leftOut) {
  let missing = missingTools(leftOut)
  if (missing.length > 0 && isDebianRoot()) {
    await installByApt(missing)
    missing = missingTools(leftOut)
  }
  const isOptional = (/** @type {string} */ name) =>
    tools[name]?.optional === true
  if (missing.every(isOptional)) return missing
  const debian = missing.map((name) => tools[name]?.debian).join(' ')
  const brew = missing.map((name) => tools[name]?.brew).join(' ')
  throw new Error(
    `The tests need ${missing.join(', ')}. Install with\n` +
      `  Debian, Ubuntu: sudo apt-get update && sudo apt-get install -y ${debian}\n` +
      `  macOS:          brew install ${brew}\n` +
      'or leave out the tests that need them (the summary will say so):\n' +
      `  npm test -- ${missing.map((name) => `--without ${name}`).join(' ')}`,
  )
}

/** @param {readonly string[]} leftOut */
function missingTools(leftOut) {
  return Object.keys(tools).filter(
    (name) => !leftOut.includes(name) && findTool(name) === undefined,
  )
}

function isDebianRoot() {
  return (
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    existsSync('/etc/debian_version') &&
    existsSync('/usr/bin/apt-get')
  )
}

/** @param {readonly string[]} missing */
async function installByApt(missing) {
  const packages = missing.flatMap(
    (name) => tools[name]?.debian.split(' ') ?? name,
  )
  console.error(
    `Installing ${packages.join(', ')} with apt-get, because the tests use ` +
      `${missing.join(', ')}. This takes up to two minutes.`,
  )
  // Another apt-get may hold the lock on the package lists, for which apt can't
  // wait, or a mirror may be updating.
  let problem = ''
  for (let attempt = 0; attempt < 3; attempt++) {
    const update = await aptGet(['update', '-q'])
    const install = await aptGet([
      'install',
      '-q',
      '-y',
      '--no-install-recommends',
      ...packages,
    ])
    if (install === undefined) return
    problem = [update, install].filter(Boolean).join('\n')
  }
  console.error(problem)
}

/**
 * @param {string[]} command
 * @returns {Promise<string | undefined>} the end of its output if it failed
 */
function aptGet(command) {
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  const env = {
    ...process.env,
    ...{ DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  }
  return new Promise((resolve) => {
    execFile(
      '/usr/bin/apt-get',
      [...options, ...command],
      { env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve(
          error === null
            ? undefined
            : `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n'),
        ),
    )
  })
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} path
 * @param {{ probe: string[], answer?: RegExp, status?: number }} tool `answer`
 *   of the expected version
 */
function works(path, { probe, answer = /^/, status = 0 }) {
  const run = spawnSync(path, probe, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  })
  return run.status === status && answer.test(`${run.stdout}${run.stderr}`)
}
