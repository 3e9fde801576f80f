import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/runCli.js'
import { errorCodes } from './errorCodes.js'

const folder = join(root, 'docs', 'errors')
const codes = errorCodes()
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('a page for each error code', () => {
  test('there are codes of every package, and no page is missing or left over', () => {
    for (const known of [
      'invalid-signature',
      'kms-timeout',
      'invalid-config',
      'port-taken',
      'aws-refused',
    ])
      expect(codes).toContain(known)
    const pages = readdirSync(folder)
      .filter((name) => name !== 'README.md')
      .map((name) => name.replace(/\.md$/, ''))
    expect(pages.sort()).toEqual(codes)
  })

  test.each(codes)('%s: its title, the class, and something to do', (code) => {
    const [title, blank, text = ''] = read(`${code}.md`).split('\n')
    expect([title, blank]).toEqual([`# ${code}`, ''])
    expect(text).toMatch(/^`\w+Error`/)
    expect(read(`${code}.md`).length).toBeGreaterThan(150)
  })

  test('the index has each page once, in order', () => {
    const listed = [...read('README.md').matchAll(/\[(.+?)\]\((.+?)\.md\)/g)]
    expect(listed.map(([, text]) => text)).toEqual(codes)
    for (const [, text, target] of listed) expect(target).toBe(text)
  })
})
