import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bundleFunctions, maxBytes } from './bundle-functions.mjs'

test('each function is one small file, the same at every build', async () => {
  const build = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyward-bundle-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const paths = await bundleFunctions(folder)
    return Object.fromEntries(
      paths.map((path) => [basename(path), readFileSync(path, 'utf8')]),
    )
  }
  const bundles = await build()
  expect(Object.keys(bundles)).toEqual([
    'cosigner.mjs',
    'coordinator.mjs',
    'eip1559-signer.mjs',
    'guard-reconciler.mjs',
    'legacy-signer.mjs',
    'message-signer.mjs',
    'policy.mjs',
    'reconciler.mjs',
    'sender.mjs',
  ])
  expect(maxBytes).toEqual({
    cosigner: 255_000,
    coordinator: 235_000,
    'eip1559-signer': 180_000,
    'guard-reconciler': 20_000,
    'legacy-signer': 180_000,
    'message-signer': 190_000,
    policy: 145_000,
    reconciler: 325_000,
    sender: 290_000,
  })
  for (const [name, text] of Object.entries(bundles)) {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(
      maxBytes[basename(name, '.mjs')] ?? 0,
    )
    const imports = [...text.matchAll(/\bfrom"([\w:@/.-]+)"/g)].map(
      (match) => match[1],
    )
    for (const name of imports) expect(name).toMatch(/^node:/)
    // Global fetch costs about 140 ms of CPU at its first use.
    expect(text).not.toMatch(/\bfetch\(/)
    expect(text).not.toContain(process.cwd())
  }
  expect(await build()).toEqual(bundles)
})
