import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from '../../scripts/build.mjs'
import { root } from '../../scripts/setup/root.mjs'
import { ensureSynthesized } from '../../scripts/synth.mjs'
import {
  entries,
  names,
  type Packed,
  packPackages,
  runInProject,
} from '../support/packPackages.js'

// The tarballs with their types, and installed with npm into projects that know
// nothing of this checkout. What they hold and export: pack.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'keyward packages '))
const everything = join(folder, 'everything')
const coreOnly = join(folder, 'core only')
let tarballs: Map<string, Packed>

beforeAll(async () => {
  await ensureSynthesized()
  await ensureBuilt({ types: true })
  tarballs = await packPackages(folder)
  await install(everything, [
    ...names.map(pathOf),
    ...['aws-cdk-lib@2.276.0', 'constructs@10.8.1', 'viem', 'ethers', 'ox'],
  ])
  await install(coreOnly, [pathOf('@keyward/core')])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(names)('publint finds nothing wrong with %s', async (name) => {
  const content = readFileSync(pathOf(name))
  const { messages, pkg } = await publint({
    pack: { tarball: Uint8Array.from(content).buffer },
  })
  const problems = messages.filter(({ type }) => type !== 'suggestion')
  expect(problems.map((problem) => formatMessage(problem, pkg))).toEqual([])
})

const typed = [
  '@keyward/core',
  '@keyward/toolkit',
  '@keyward/cdk',
  '@keyward/iam',
  '@keyward/keyfile',
  '@keyward/local',
]
test.each(typed)(
  'types of %s resolve for every kind of ESM importer',
  async (name) => {
    const bin = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
    const report = await runInProject(folder, process.execPath, [
      bin,
      pathOf(name),
      ...['--profile', 'esm-only', '--format', 'json'],
      // A program of plain JavaScript: it is run, never imported.
      ...['--exclude-entrypoints', './runtime/bootstrap.mjs', './cdk.out/*'],
    ])
    const { analysis } = JSON.parse(report) as {
      analysis: {
        types: unknown
        entrypoints: Record<string, unknown>
        problems: { entrypoint: string; kind: string; resolutionKind: string }[]
      }
    }
    expect({
      types: analysis.types,
      entries: Object.keys(analysis.entrypoints)
        .filter((entry) => entry !== './package.json')
        .map((entry) => entry.replace(/^\./, name))
        .sort(),
      // CommonJS can't require an ES module before Node 22, by design.
      problems: analysis.problems.filter(
        ({ resolutionKind }) => !/node10|node16-cjs/.test(resolutionKind),
      ),
    }).toEqual({
      types: { kind: 'included' },
      entries: Object.keys(entries)
        .filter((entry) => `${entry}/`.startsWith(`${name}/`))
        .sort(),
      problems: [],
    })
  },
)

test('a TypeScript project sees the types of every entry', async () => {
  const imports = Object.keys(entries).map(
    (entry, i) => `import * as m${i} from '${entry}'`,
  )
  const all = imports.map((_, i) => `m${i}`).join(', ')
  writeFileSync(
    join(everything, 'all.ts'),
    `${imports.join('\n')}\nexport const all: object[] = [${all}]\n`,
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const strict = ['--noEmit', '--strict', '--skipLibCheck', '--types', 'node']
  const target = ['--module', 'nodenext', '--target', 'es2022']
  const nodeTypes = ['--typeRoots', join(root, 'node_modules/@types')]
  await runInProject(everything, process.execPath, [
    tsc,
    ...strict,
    ...target,
    ...nodeTypes,
    'all.ts',
  ])
})

test('each entry loads', async () => {
  const text = await runInProject(everything, process.execPath, [
    '--input-type=module',
    '--eval',
    `const loaded = ${JSON.stringify(Object.keys(entries))}
     await Promise.all(loaded.map((entry) => import(entry)))
     console.log(loaded.length)`,
  ])
  expect(text).toBe(`${Object.keys(entries).length}\n`)
})

test('the packed command signs and mines, from the packed template', async () => {
  const lines = await runInProject(everything, 'npx', [
    'keyward',
    'demo',
    '--json',
  ])
  const result = JSON.parse(lines.trim().split('\n').at(-1) ?? '')
  expect(result).toMatchObject({
    eip1559: { status: 'success', from: result.address },
    legacy: { status: 'success', from: result.address },
  })
})

test('the command keyward works', async () => {
  const help = await runInProject(everything, 'npx', ['keyward', '--help'])
  expect(help).toContain('Usage: keyward')
  const { version } = JSON.parse(
    readFileSync(join(root, 'packages/cli/package.json'), 'utf8'),
  ) as { version: string }
  expect(await runInProject(everything, 'npx', ['keyward', '--version'])).toBe(
    `${version}\n`,
  )
})

test('core alone loads without any peer', async () => {
  const text = await runInProject(coreOnly, process.execPath, [
    '--input-type=module',
    '--eval',
    `await import('@keyward/core/kms'); console.log('loaded')`,
  ])
  expect(text).toBe('loaded\n')
})

function pathOf(name: string): string {
  const tarball = tarballs.get(name)
  if (tarball === undefined) throw new Error(`npm packed no ${name}`)
  return tarball.filename
}

/** Installs what a user would name on npm's command line. */
async function install(project: string, wanted: string[]): Promise<void> {
  const { devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as { devDependencies: Record<string, string> }
  // The versions that `npm ci` has put into npm's cache already.
  const packages = wanted.map((name) =>
    name in devDependencies ? `${name}@${devDependencies[name]}` : name,
  )
  mkdirSync(project)
  const manifest = { name: 'empty', private: true, type: 'module' }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
  await runInProject(project, 'npm', [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--loglevel=error',
    ...packages,
  ])
}
