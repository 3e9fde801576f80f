import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bundleFunctions, maxBytes } from './bundle-functions.mjs'

test('both functions are one small file each, the same at every build', async () => {
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
    'eip1559-signer.mjs',
    'legacy-signer.mjs',
  ])
  expect(maxBytes).toBe(180_000)
  for (const text of Object.values(bundles)) {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
    const imports = [...text.matchAll(/from"([^"]+)"/g)].map(
      (match) => match[1],
    )
    for (const name of imports) expect(name).toMatch(/^node:/)
    // Global fetch costs about 140 ms of CPU at its first use.
    expect(text).not.toMatch(/\bfetch\(/)
    expect(text).not.toContain(process.cwd())
  }
  expect(await build()).toEqual(bundles)
})
