// npm run check: all static checks. Every step runs even if one fails, so that
// one run shows all problems.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from './setup/root.mjs'

/** @typedef {{ name: string, run: () => boolean }} Step */

/** @type {Step[]} */
const steps = [
  { name: 'biome', run: () => run('@biomejs/biome', 'biome', ['check', '.']) },
  { name: 'tsc', run: () => run('typescript', 'tsc', ['-p', '.']) },
  { name: 'types', run: () => runScript('build.mjs', '--types') },
  { name: 'knip', run: () => run('knip', 'knip', ['--no-progress']) },
  { name: 'walls', run: checkWalls },
]

const failed = steps.filter(({ name, run }) => {
  const start = Date.now()
  console.log(`\n== ${name}`)
  const passed = run()
  const seconds = ((Date.now() - start) / 1000).toFixed(1)
  console.log(`== ${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`)
  return !passed
})

if (failed.length > 0) {
  console.log(`\nCheck failed: ${failed.map(({ name }) => name).join(', ')}.`)
  process.exitCode = 1
} else console.log('\nCheck passed.')

/**
 * dependency-cruiser passes even if it couldn't parse any file, so this also
 * checks the counts.
 */
function checkWalls() {
  const { bin, path } = findBin('dependency-cruiser', 'depcruise')
  const options = [
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ]
  const cruise = spawnSync(
    process.execPath,
    [bin, ...options, 'packages', 'test', 'scripts', 'bench'],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 },
  )
  if (!cruise.stdout?.startsWith('{')) {
    console.log(`${path}: ${cruise.stderr}`)
    return false
  }
  const { summary, modules } = JSON.parse(cruise.stdout)
  for (const { rule, from, to } of summary.violations)
    console.log(`${rule.name}: ${from} -> ${to}`)
  const ours = modules.filter((/** @type {{ source: string }} */ { source }) =>
    /^packages\/[^/]+\/src\//.test(source),
  ).length
  console.log(
    `${ours} modules of packages/*/src, ${summary.totalCruised} in all, ` +
      `${summary.totalDependenciesCruised} dependencies.`,
  )
  if (ours === 0)
    console.log(
      'It found no modules in packages/*/src, so nothing was checked.',
    )
  return ours > 0 && summary.violations.length === 0
}

/** @param {string} name @param {string[]} argv */
function runScript(name, ...argv) {
  const script = join(root, 'scripts', name)
  const options = /** @type {const} */ ({ cwd: root, stdio: 'inherit' })
  return spawnSync(process.execPath, [script, ...argv], options).status === 0
}

/** @param {string} packageName @param {string} binName @param {string[]} argv */
function run(packageName, binName, argv) {
  const { bin } = findBin(packageName, binName)
  const child = spawnSync(process.execPath, [bin, ...argv], {
    cwd: root,
    stdio: 'inherit',
  })
  return child.status === 0
}

/** @param {string} packageName @param {string} binName */
function findBin(packageName, binName) {
  const path = join(root, 'node_modules', packageName, 'package.json')
  const { bin } = createRequire(import.meta.url)(path)
  const file = typeof bin === 'string' ? bin : bin[binName]
  return { bin: join(dirname(path), file), path }
}
