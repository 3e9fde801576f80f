import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../scripts/setup/root.mjs'

const folders = readdirSync(join(root, 'packages')).sort()
const manifests = folders.map((folder) => ({
  folder,
  ...(JSON.parse(
    readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
  ) as {
    name: string
    version: string
    license: string
    keywords: string[]
    scripts: Record<string, string>
    publishConfig: object
    exports: object
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }),
}))
const [{ version } = { version: '' }] = manifests

test('all packages have one version, and take each other at it', () => {
  for (const { name, version: own, dependencies = {} } of manifests) {
    const siblings = Object.entries(dependencies).filter(([needed]) =>
      manifests.some((each) => each.name === needed),
    )
    expect([name, own, ...siblings.map(([, at]) => at)]).toEqual([
      ...[name, version],
      ...siblings.map(() => version),
    ])
  }
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  expect(/^## (\S+)/m.exec(changelog)?.[1]).toBe(version)
})

test.each(manifests)('$name can be published as it is', (manifest) => {
  expect(manifest).toMatchObject({
    license: 'Apache-2.0',
    keywords: expect.arrayContaining(['ethereum', 'aws-kms']),
    // Types and bundles come with it, whoever packs it.
    scripts: { prepack: 'node ../../scripts/prepack.mjs' },
    publishConfig: { access: 'public', provenance: true },
    exports: { './package.json': './package.json' },
  })
})

test.each(manifests)(
  'README of $name: an example, and where it is from',
  ({ folder, name }) => {
    const text = readFileSync(
      join(root, 'packages', folder, 'README.md'),
      'utf8',
    )
    // Types of snippets are checked by test/docs/snippets.test.ts.
    expect([name, /^(```(ts|sh)$| {4}\w)/m.test(text)]).toEqual([name, true])
    expect([name, text.includes('not published to npm')]).toEqual([name, true])
  },
)

test('no page has npx ask a registry for our name', () => {
  const pages = [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
    ...folders.map((folder) => `packages/${folder}/README.md`),
    ...readdirSync(join(root, 'docs'), { recursive: true })
      .map((path) => `docs/${path}`)
      .filter((path) => path.endsWith('.md')),
  ]
  const asking = pages.filter((page) =>
    /npx keyward/.test(readFileSync(join(root, page), 'utf8')),
  )
  expect(asking).toEqual([])
})
