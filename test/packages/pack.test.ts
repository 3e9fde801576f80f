import { execFile } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../scripts/build.mjs'
import { root } from '../../scripts/setup/root.mjs'
import { ensureSynthesized } from '../../scripts/synth.mjs'
import { soak } from '../support/tools.js'

// The tarballs that would be published, installed with npm into projects that
// know nothing of this checkout.
type Packed = { name: string; filename: string; files: { path: string }[] }

const folder = mkdtempSync(join(tmpdir(), 'keyward packages '))
const tarballs = new Map<string, Packed>()
const everything = join(folder, 'everything')
const coreOnly = join(folder, 'core only')

const names = [
  '@keyward/cdk',
  '@keyward/core',
  '@keyward/guard',
  '@keyward/iam',
  '@keyward/keyfile',
  '@keyward/lambda',
  '@keyward/local',
  '@keyward/safe',
  '@keyward/sender',
  '@keyward/toolkit',
  'keyward',
]
const entries = {
  '@keyward/cdk': () => import('@keyward/cdk'),
  '@keyward/cdk/settings': () => import('@keyward/cdk/settings'),
  '@keyward/core': () => import('@keyward/core'),
  '@keyward/core/aws': () => import('@keyward/core/aws'),
  '@keyward/core/credentials': () => import('@keyward/core/credentials'),
  '@keyward/core/errors': () => import('@keyward/core/errors'),
  '@keyward/core/digest': () => import('@keyward/core/digest'),
  '@keyward/core/kms': () => import('@keyward/core/kms'),
  '@keyward/core/pkcs11': () => import('@keyward/core/pkcs11'),
  '@keyward/core/rpc': () => import('@keyward/core/rpc'),
  '@keyward/core/sdk': () => import('@keyward/core/sdk'),
  '@keyward/core/viem': () => import('@keyward/core/viem'),
  '@keyward/core/ethers': () => import('@keyward/core/ethers'),
  '@keyward/guard': () => import('@keyward/guard'),
  '@keyward/guard/authoring': () => import('@keyward/guard/authoring'),
  '@keyward/guard/calls': () => import('@keyward/guard/calls'),
  '@keyward/guard/windows': () => import('@keyward/guard/windows'),
  '@keyward/guard/windows/dynamodb': () =>
    import('@keyward/guard/windows/dynamodb'),
  '@keyward/guard/windows/memory': () =>
    import('@keyward/guard/windows/memory'),
  '@keyward/iam/functions': () => import('@keyward/iam/functions'),
  '@keyward/iam/key-policy': () => import('@keyward/iam/key-policy'),
  '@keyward/iam/ledger-policy': () => import('@keyward/iam/ledger-policy'),
  '@keyward/iam/policy': () => import('@keyward/iam/policy'),
  '@keyward/iam/principals': () => import('@keyward/iam/principals'),
  '@keyward/iam/quote': () => import('@keyward/iam/quote'),
  '@keyward/iam/review': () => import('@keyward/iam/review'),
  '@keyward/iam/scp': () => import('@keyward/iam/scp'),
  '@keyward/keyfile': () => import('@keyward/keyfile'),
  '@keyward/keyfile/formats': () => import('@keyward/keyfile/formats'),
  '@keyward/local': () => import('@keyward/local'),
  '@keyward/safe': () => import('@keyward/safe'),
  '@keyward/sender': () => import('@keyward/sender'),
  '@keyward/toolkit': () => import('@keyward/toolkit'),
  '@keyward/toolkit/access': () => import('@keyward/toolkit/access'),
  '@keyward/toolkit/aws': () => import('@keyward/toolkit/aws'),
  '@keyward/toolkit/deploy': () => import('@keyward/toolkit/deploy'),
  '@keyward/toolkit/destroy': () => import('@keyward/toolkit/destroy'),
  '@keyward/toolkit/doctor': () => import('@keyward/toolkit/doctor'),
  '@keyward/toolkit/home': () => import('@keyward/toolkit/home'),
  '@keyward/toolkit/import': () => import('@keyward/toolkit/import'),
  '@keyward/toolkit/key': () => import('@keyward/toolkit/key'),
  '@keyward/toolkit/ledger': () => import('@keyward/toolkit/ledger'),
  '@keyward/toolkit/networks': () => import('@keyward/toolkit/networks'),
  '@keyward/toolkit/node': () => import('@keyward/toolkit/node'),
  '@keyward/toolkit/policy': () => import('@keyward/toolkit/policy'),
  '@keyward/toolkit/safe': () => import('@keyward/toolkit/safe'),
  '@keyward/toolkit/send': () => import('@keyward/toolkit/send'),
  '@keyward/toolkit/sign': () => import('@keyward/toolkit/sign'),
  '@keyward/toolkit/stack': () => import('@keyward/toolkit/stack'),
  '@keyward/toolkit/status': () => import('@keyward/toolkit/status'),
  '@keyward/toolkit/sweep': () => import('@keyward/toolkit/sweep'),
  '@keyward/toolkit/token': () => import('@keyward/toolkit/token'),
}

beforeAll(async () => {
  await ensureSynthesized()
  await ensureBuilt({ types: true })
  const packed = await run(root, 'npm', [
    'pack',
    '--json',
    '--ignore-scripts',
    ...['--pack-destination', folder],
    ...names.flatMap((name) => ['--workspace', name]),
  ])
  for (const tarball of JSON.parse(packed) as Packed[])
    tarballs.set(tarball.name, tarball)
  await install(everything, [
    ...names.map(pathOf),
    ...['aws-cdk-lib@2.276.0', 'constructs@10.8.1', 'viem', 'ethers', 'ox'],
  ])
  await install(coreOnly, [pathOf('@keyward/core')])
}, 240_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(names)('%s', (name) => {
  test('holds what is needed to run it and no more', () => {
    const files = tarballs.get(name)?.files.map(({ path }) => path) ?? []
    const rooms = new Set(files.map((path) => path.split('/')[0]))
    const expected = {
      '@keyward/cdk': ['cdk.json', 'cdk.out', 'dist', 'policies', 'src'],
      '@keyward/core': ['dist', 'src'],
      '@keyward/guard': ['dist', 'policy.schema.json', 'src'],
      '@keyward/iam': ['dist', 'src'],
      '@keyward/keyfile': ['dist', 'src'],
      '@keyward/lambda': ['dist'],
      '@keyward/safe': ['dist', 'src'],
      '@keyward/sender': ['dist', 'src'],
      '@keyward/toolkit': ['dist', 'src'],
      '@keyward/local': ['dist', 'runtime', 'src'],
      keyward: ['bin', 'dist'],
    }[name]
    expect([...rooms].sort()).toEqual(
      ['LICENSE', 'README.md', 'package.json', ...(expected ?? [])].sort(),
    )
    expect(
      files.filter((path) => /\.test\.|\.test-d\.|\.tmp$/.test(path)),
    ).toEqual([])
  })

  test('has nothing that publint finds wrong', async () => {
    const content = readFileSync(pathOf(name))
    const { messages, pkg } = await publint({
      pack: { tarball: Uint8Array.from(content).buffer },
    })
    const problems = messages.filter(({ type }) => type !== 'suggestion')
    expect(problems.map((problem) => formatMessage(problem, pkg))).toEqual([])
  })
})

const typed = [
  '@keyward/core',
  '@keyward/toolkit',
  '@keyward/cdk',
  '@keyward/iam',
  '@keyward/keyfile',
  '@keyward/local',
]
test.each(soak ? typed : typed.slice(0, 2))(
  'types of %s resolve for every kind of ESM importer',
  async (name) => {
    const bin = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
    const report = await run(folder, process.execPath, [
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

describe('packed, each entry exports what its source exports', () => {
  let exported: Record<string, string[]>
  beforeAll(async () => {
    // One process for all: each would take as long to start.
    const text = await run(everything, process.execPath, [
      '--input-type=module',
      '--eval',
      `const exported = {}
       for (const entry of ${JSON.stringify(Object.keys(entries))})
         exported[entry] = await import(entry).then(Object.keys, (error) => [String(error)])
       console.log(JSON.stringify(exported))`,
    ])
    exported = JSON.parse(text)
  })

  test.each(Object.entries(entries))('%s', async (entry, source) => {
    const names = exported[entry] ?? []
    expect(names.length).toBeGreaterThan(0)
    expect(names.sort()).toEqual(Object.keys(await source()).sort())
  })
})

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
  await run(everything, process.execPath, [
    tsc,
    ...strict,
    ...target,
    ...nodeTypes,
    'all.ts',
  ])
})

test('the packed command signs and mines, from the packed template', async () => {
  const lines = await run(everything, 'npx', ['keyward', 'demo', '--json'])
  const result = JSON.parse(lines.trim().split('\n').at(-1) ?? '')
  expect(result).toMatchObject({
    eip1559: { status: 'success', from: result.address },
    legacy: { status: 'success', from: result.address },
  })
})

test('the command keyward works', async () => {
  const help = await run(everything, 'npx', ['keyward', '--help'])
  expect(help).toContain('Usage: keyward')
  const { version } = JSON.parse(
    readFileSync(join(root, 'packages/cli/package.json'), 'utf8'),
  ) as { version: string }
  expect(await run(everything, 'npx', ['keyward', '--version'])).toBe(
    `${version}\n`,
  )
})

test('both functions have their handler', async () => {
  const handlers = await run(everything, process.execPath, [
    '--input-type=module',
    '--eval',
    `process.env.KMS_KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab'
     process.env.ETH_NETWORK = 'local'
     process.env.AWS_REGION = 'us-east-1'
     process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE'
     process.env.AWS_SECRET_ACCESS_KEY = 'none'
     const names = ['eip1559-signer', 'legacy-signer']
     const modules = names.map((name) => import('@keyward/lambda/' + name + '.mjs'))
     console.log((await Promise.all(modules)).map(({ handler }) => typeof handler).join())`,
  ])
  expect(handlers).toBe('function,function\n')
})

test.each(['@keyward/core', '@keyward/core/kms'])(
  '%s loads where no peer is installed',
  async (entry) => {
    const kinds = await run(coreOnly, process.execPath, [
      '--input-type=module',
      '--eval',
      `await import('${entry}'); console.log('loaded')`,
    ])
    expect(kinds).toBe('loaded\n')
  },
)

test.each([
  ['@keyward/core/sdk', '@aws-sdk/client-kms'],
  ['@keyward/core/viem', 'viem'],
  ['@keyward/core/ethers', 'ethers'],
])('%s asks for its peer alone', async (entry, peer) => {
  const message = await run(coreOnly, process.execPath, [
    '--input-type=module',
    '--eval',
    `await import('${entry}').catch((error) => console.log(error.code, error.message))`,
  ])
  expect(message).toContain(
    `ERR_MODULE_NOT_FOUND Cannot find package '${peer}'`,
  )
})

function pathOf(name: string): string {
  const tarball = tarballs.get(name)
  if (tarball === undefined) throw new Error(`npm packed no ${name}`)
  return join(folder, tarball.filename)
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
  await run(project, 'npm', [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--loglevel=error',
    ...packages,
  ])
}

/** Runs a program as a user of that project would, and gives its stdout. */
async function run(
  cwd: string,
  program: string,
  argv: string[],
): Promise<string> {
  // npm passes its own command's settings down to the tests.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_OPTIONS$|VITEST|NODE_ENV$)/i.test(name),
    ),
  )
  const { stdout } = await promisify(execFile)(program, argv, {
    cwd,
    env,
    maxBuffer: 2 ** 26,
  })
  return stdout
}
