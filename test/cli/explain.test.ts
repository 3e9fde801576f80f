import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorCodes } from '../docs/errorCodes.js'
import { findWide } from '../support/findWide.js'
import { refusal } from '../support/refusal.js'
import { root } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'

// `keyward explain`: no home runs, and no credentials are set.

const known = errorCodes()
const explain = (...args: string[]) => runInProcess(['explain', ...args])

test('every error code has its page', async () => {
  for (const code of known) {
    const { code: exit, stdout } = await explain(code, '--json')
    const page = readFileSync(
      join(root, 'docs', 'errors', `${code}.md`),
      'utf8',
    )
    expect([code, exit, JSON.parse(stdout)]).toEqual([
      ...[code, 0],
      { code, text: page.replace(`# ${code}\n\n`, '').trimEnd() },
    ])
  }
})

test('without a code it lists them all, with what they mean', async () => {
  const { stdout } = await explain()
  const codes = stdout.trim().split('\n')
  expect(codes.map((line) => line.split(' ')[0])).toEqual(known)
  expect(stdout).toMatch(/^stack-frozen +someone stopped/m)
})

test('links are words, and lead to other codes or pages', async () => {
  const { stdout } = await explain('caller-not-allowed')
  expect(stdout).toMatch(/^caller-not-allowed\n\n`/)
  expect(stdout).not.toMatch(/\]\(|\.\.\//)
  const frozen = (await explain('stack-frozen')).stdout
  expect(frozen).toContain('(docs/guides/emergency.md)')
  expect(frozen).not.toContain('emergency.md (docs')
})

test('an unknown code is refused with those that are like it', async () => {
  expect(await explain('frozen-stack', '--json')).toMatchObject({
    code: 2,
    stdout: refusal('invalid-input'),
    stderr: expect.stringContaining(
      'Similar codes: foreign-stack, stack-failed, stack-frozen',
    ),
  })
})

test('a mistyped code is refused with the one that was meant', async () => {
  expect((await explain('insuficient')).stderr).toContain(
    'Similar codes: insufficient-funds.',
  )
})

test('the name of an error, as functions answer it, leads to its page', async () => {
  for (const code of ['stack-frozen', 'insufficient-funds', 'pkcs11']) {
    const page = readFileSync(
      join(root, 'docs', 'errors', `${code}.md`),
      'utf8',
    )
    const [, name = ''] = /^`(\w+Error)`/m.exec(page) ?? []
    const { stdout } = await explain(name)
    expect([name, stdout.split('\n')[0]]).toEqual([name, code])
  }
  expect((await explain('NoSuchError')).stderr).toContain(
    'is not an error code',
  )
})

test('a page fits 80 columns in a pipe too', async () => {
  const { stdout } = await explain('import-failed')
  const lines = stdout.split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
})

test('pages, and the list of codes, fit 80 columns', async () => {
  const wide = await Promise.all(
    known.map((code) => findWide(['explain', code])),
  )
  expect([...wide.flat(), ...(await findWide(['explain']))]).toEqual([])
})

test('a table is a list, without its frame', async () => {
  const { stdout } = await explain('pkcs11-pin')
  expect(stdout).not.toMatch(/^\|/m)
  expect(stdout).toMatch(/^- `CKR_PIN_LOCKED`\n {4}have the security officer/m)
})
