import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './root.mjs'
import { writeRunTree } from './runTree.mjs'

let folder: string
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'keyward run ')), 'tree')
  writeRunTree(folder)
})
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

test('npm accepts the manifests with the lockfile', () => {
  execFileSync('npm', ['ci', '--dry-run', '--offline', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'pipe',
  })
})

test('everything is there but what only tests need', () => {
  const { packages } = readJson(join(folder, 'package-lock.json'))
  const all = readJson(join(root, 'package-lock.json')).packages
  const workspaces = Object.keys(all).filter((path) =>
    /^packages\/\w+$/.test(path),
  )
  expect(workspaces.length).toBeGreaterThan(10)
  for (const workspace of workspaces)
    for (const name of Object.keys(all[workspace].dependencies ?? {}))
      expect(
        packages[`${workspace}/node_modules/${name}`] ??
          packages[`node_modules/${name}`],
        `${name} of ${workspace}`,
      ).toBeDefined()
  expect(packages).toHaveProperty(['node_modules/@esbuild/linux-x64'])
  for (const name of ['viem', 'ethers', 'typescript', 'vitest', 'aws-cdk-lib'])
    expect(packages).not.toHaveProperty([`node_modules/${name}`])
})
