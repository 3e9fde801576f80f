import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
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
  for (const workspace of workspaces) {
    for (const file of Object.values(all[workspace].bin ?? {}))
      expect(existsSync(join(folder, workspace, `${file}`)), `${file}`).toBe(
        true,
      )
    for (const name of Object.keys(all[workspace].dependencies ?? {}))
      expect(
        packages[`${workspace}/node_modules/${name}`] ??
          packages[`node_modules/${name}`],
        `${name} of ${workspace}`,
      ).toBeDefined()
  }
  expect(packages).toHaveProperty(['node_modules/@esbuild/linux-x64'])
  for (const name of ['viem', 'ethers', 'typescript', 'vitest', 'aws-cdk-lib'])
    expect(packages).not.toHaveProperty([`node_modules/${name}`])
})

test('npm links the command', () => {
  // Only the workspaces: what they depend on would have to be downloaded.
  const lock = readJson(join(folder, 'package-lock.json'))
  const packages: Record<string, { link?: boolean; dependencies?: object }> = {}
  for (const [path, entry] of Object.entries<{ link?: boolean }>(lock.packages))
    if (entry.link || !path.includes('node_modules'))
      packages[path] = { ...entry, dependencies: {} }
  write('package-lock.json', { ...lock, packages })
  for (const path of Object.keys(packages))
    if (!path.includes('node_modules')) {
      const manifest = join(path, 'package.json')
      const { dependencies, ...rest } = readJson(join(folder, manifest))
      write(manifest, rest)
    }
  execFileSync('npm', ['ci', '--offline', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'pipe',
  })
  expect(existsSync(join(folder, 'node_modules', '.bin', 'keyward'))).toBe(true)
})

function write(path: string, content: object) {
  writeFileSync(join(folder, path), JSON.stringify(content))
}
