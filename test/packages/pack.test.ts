import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
import { sampled } from '../support/sampled.js'

// The tarballs that would be published, in projects outside this checkout where
// each finds what it declares and no more. Their types, and npm's own
// installation of them: pack.soak.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'keyward packages '))
const everything = join(folder, 'everything')
const coreOnly = join(folder, 'core only')
const bin = join(everything, 'node_modules/keyward/bin/keyward.mjs')
let tarballs: Map<string, Packed>

beforeAll(async () => {
  await ensureSynthesized()
  await ensureBuilt()
  tarballs = await packPackages(folder)
  for (const name of names) await unpack(everything, name, true)
  await unpack(coreOnly, '@keyward/core', false)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(names)('%s', (name) => {
  test('holds what is needed to run it and no more', () => {
    const files = tarballs.get(name)?.files.map(({ path }) => path) ?? []
    const rooms = new Set(files.map((path) => path.split('/')[0]))
    const expected = {
      '@keyward/cdk': [
        ...['cdk.json', 'cdk.out', 'dist', 'local.context.json'],
        ...['local.policy.json', 'policies', 'src'],
      ],
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
})

describe('packed, each entry exports what its source exports', () => {
  let exported: Record<string, string[]>
  beforeAll(async () => {
    // One process for all: each would take as long to start.
    const text = await runInProject(everything, process.execPath, [
      '--input-type=module',
      '--eval',
      `const exported = {}
       for (const entry of ${JSON.stringify(Object.keys(entries))})
         exported[entry] = await import(entry).then(Object.keys, (error) => [String(error)])
       console.log(JSON.stringify(exported))`,
    ])
    exported = JSON.parse(text)
  })

  test.each(sampled(Object.entries(entries), 3))(
    '%s',
    async (entry, source) => {
      const names = exported[entry] ?? []
      expect(names.length).toBeGreaterThan(0)
      expect(names.sort()).toEqual(Object.keys(await source()).sort())
    },
  )
})

test('the packed command signs and mines, from the packed template', async () => {
  const lines = await runInProject(everything, process.execPath, [
    bin,
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
  const help = await runInProject(everything, process.execPath, [bin, '--help'])
  expect(help).toContain('Usage: keyward')
  const { version } = JSON.parse(
    readFileSync(join(root, 'packages/cli/package.json'), 'utf8'),
  ) as { version: string }
  expect(
    await runInProject(everything, process.execPath, [bin, '--version']),
  ).toBe(`${version}\n`)
})

test('both functions have their handler', async () => {
  const handlers = await runInProject(everything, process.execPath, [
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
    const kinds = await runInProject(coreOnly, process.execPath, [
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
  const message = await runInProject(coreOnly, process.execPath, [
    '--input-type=module',
    '--eval',
    `await import('${entry}').catch((error) => console.log(error.code, error.message))`,
  ])
  expect(message).toContain(
    `ERR_MODULE_NOT_FOUND Cannot find package '${peer}'`,
  )
})

/** Puts it there with its dependencies, and with its peers if they are wanted. */
async function unpack(
  project: string,
  name: string,
  withPeers: boolean,
): Promise<void> {
  const tarball = tarballs.get(name)
  if (tarball === undefined) throw new Error(`npm packed no ${name}`)
  const place = join(project, 'node_modules', name)
  mkdirSync(place, { recursive: true })
  await runInProject(place, 'tar', [
    ...['-xzf', tarball.filename, '--strip-components', '1'],
  ])
  const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))
  for (const needed of Object.keys(manifest.dependencies ?? {}))
    if (!names.includes(needed)) link(name, needed, place)
  if (withPeers)
    for (const peer of Object.keys(manifest.peerDependencies ?? {}))
      link(name, peer, project)
}

/** A package that npm has installed in the checkout for one of ours. */
function link(name: string, needed: string, project: string): void {
  const home = join(root, 'packages', name.split('/')[1] ?? 'cli')
  const own = join(home, 'node_modules', needed)
  const place = join(project, 'node_modules', needed)
  if (existsSync(place)) return
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(existsSync(own) ? own : join(root, 'node_modules', needed), place)
}
