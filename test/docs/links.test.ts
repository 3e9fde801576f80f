import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/runCli.js'

// Each link of the documentation to a file or a heading of this repository.

const pages = [
  ...readdirSync(root),
  ...readdirSync(join(root, 'docs'), { recursive: true }).map((name) =>
    join('docs', String(name)),
  ),
  ...readdirSync(join(root, 'packages')).map((name) =>
    join('packages', name, 'README.md'),
  ),
  join('bench', 'results.md'),
]
  .filter((path) => path.endsWith('.md') && existsSync(join(root, path)))
  .sort()

/** Text outside of code, where brackets mean nothing. */
function proseOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''))
}

/** The anchors that GitHub gives to a page's headings. */
function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  const text = readFileSync(path, 'utf8').replaceAll(/^```.*?^```$/gms, '')
  for (const [, heading = ''] of text.matchAll(/^#+ (.*)$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    anchors.add(count === 0 ? slug : `${slug}-${count}`)
  }
  return anchors
}

function brokenLinksOf(page: string): string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
  return links.flatMap(([, link = '']) => {
    if (/^(https?|mailto):/.test(link)) return []
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? page : join(dirname(page), file)
    const path = join(root, target)
    if (relative(root, path).startsWith('..') || !existsSync(path))
      return [`${page}: ${link} leads nowhere`]
    if (anchor === undefined || !statSync(path).isFile()) return []
    return anchorsOf(path).has(anchor)
      ? []
      : [`${page}: ${link} names no heading of ${target}`]
  })
}

test('lead to what is there', () => {
  expect(pages).toContain('README.md')
  expect(pages.length).toBeGreaterThan(50)
  expect(pages.flatMap(brokenLinksOf)).toEqual([])
})

test('a long page begins with its contents', () => {
  const long = pages.filter(
    (page) =>
      page.startsWith('docs') &&
      readFileSync(join(root, page), 'utf8').split('\n').length > 150,
  )
  expect(long.length).toBeGreaterThan(5)
  for (const page of long) {
    const text = readFileSync(join(root, page), 'utf8')
    const prose = text.replaceAll(/^```.*?^```$/gms, '')
    const [, contents = ''] = /^\*\*On this page:\*\* (.*)$/m.exec(prose) ?? []
    const listed = [...contents.matchAll(/\[([^\]]+)\]\(#/g)].map(
      ([, name]) => name,
    )
    const headings = [...prose.matchAll(/^## (.*)$/gm)].map(
      ([, heading = '']) => heading.replaceAll('`', ''),
    )
    expect([page, listed]).toEqual([page, headings])
  }
})

test('each page of docs can be reached from its index', () => {
  const index = proseOf(join('docs', 'README.md'))
  const top = pages.filter((page) =>
    /^docs\/(guides\/)?[^/]+\.md$/.test(page.replaceAll('\\', '/')),
  )
  expect(
    top
      .map((page) => relative('docs', page))
      .filter((page) => page !== 'README.md' && !index.includes(`(${page})`)),
  ).toEqual([])
})
