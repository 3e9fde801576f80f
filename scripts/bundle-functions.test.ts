import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { soak } from '../test/support/tools.js'
import { ensureBuilt } from './build.mjs'
import {
  bundleFunctions,
  maxBytes,
  maxBytesWithPolicy,
} from './bundle-functions.mjs'
import { root } from './setup/root.mjs'

const read = (folder: string, paths: readonly string[]) =>
  Object.fromEntries(
    paths.map((path) => [path, readFileSync(join(folder, path))]),
  )

const dist = join(root, 'packages/lambda/dist')
const list = () =>
  ['', 'with-policy'].flatMap((folder) =>
    readdirSync(join(dist, folder), { recursive: folder !== '' })
      .map((path) => join(folder, String(path)))
      .filter((path) => /\.(?:mjs|br)$/.test(path))
      .sort(),
  )

test('each function is one small file, or a few with a policy', async () => {
  await ensureBuilt()
  const bundles = read(dist, list())
  const isAlone = (path: string) => dirname(path) === '.'
  expect(Object.keys(bundles).filter(isAlone)).toEqual([
    'coordinator.mjs',
    'cosigner.mjs',
    'eip1559-signer.mjs',
    'guard-reconciler.mjs',
    'legacy-signer.mjs',
    'message-signer.mjs',
    'reconciler.mjs',
    'sender.mjs',
  ])
  expect(maxBytes).toEqual({
    cosigner: 263_000,
    coordinator: 238_000,
    'eip1559-signer': 145_000,
    'guard-reconciler': 20_000,
    'legacy-signer': 145_000,
    'message-signer': 150_000,
    reconciler: 327_000,
    sender: 291_000,
  })
  expect(maxBytesWithPolicy).toEqual({
    cosigner: 334_000,
    'eip1559-signer': 237_000,
    'guard-reconciler': 167_000,
    'legacy-signer': 237_000,
    'message-signer': 237_000,
    reconciler: 436_000,
    sender: 386_000,
  })
  const sizes = new Map<string, { bytes: number; files: string[] }>()
  for (const [path, content] of Object.entries(bundles)) {
    const name = isAlone(path) ? basename(path, '.mjs') : dirname(path)
    const { bytes = 0, files = [] } = sizes.get(name) ?? {}
    sizes.set(name, {
      bytes: bytes + content.length,
      files: [...files, basename(path).replace(/-[A-Z0-9]{8}\./, '.')],
    })
    if (path.endsWith('.br')) continue
    const text = content.toString()
    const imports = [...text.matchAll(/\bfrom"([\w:@/.-]+)"/g)].map(
      (match) => match[1],
    )
    for (const name of imports)
      if (isAlone(path)) expect(name).toMatch(/^node:/)
      else expect(name).toMatch(/^(?:node:|\.\/shared-[A-Z0-9]{8}\.mjs$)/)
    // Global fetch costs about 140 ms of CPU at its first use.
    expect(text).not.toMatch(/\bfetch\(/)
    expect(text).not.toContain(process.cwd())
  }
  for (const [name, max] of Object.entries(maxBytes))
    expect(sizes.get(name)?.bytes).toBeLessThanOrEqual(max)
  for (const [name, max] of Object.entries(maxBytesWithPolicy)) {
    const { bytes, files } = sizes.get(join('with-policy', name)) ?? {}
    expect(bytes).toBeLessThanOrEqual(max)
    const engine = name === 'guard-reconciler' ? [] : ['engine.br']
    expect(files?.sort()).toEqual([
      ...[...engine, 'index.mjs', 'policy.mjs', 'shared.mjs'],
    ])
  }
  expect(sizes.size).toBe(
    [maxBytes, maxBytesWithPolicy].flatMap(Object.keys).length,
  )
})

test.runIf(soak)('bundles are the same in every build', async () => {
  await ensureBuilt()
  const folder = mkdtempSync(join(tmpdir(), 'keyward-bundle-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const paths = await bundleFunctions(folder)
  expect(paths.sort()).toEqual(list().sort())
  expect(read(dist, paths)).toEqual(read(folder, paths))
})
