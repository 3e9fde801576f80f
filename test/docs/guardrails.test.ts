import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'

// The guide as it is read: its commands, its files, and what it says that they
// print. Deploying is in the tests of the stack.

const guide = readFileSync(join(root, 'docs/guides/guardrails.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'keyward guardrails '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Commands of the guide, as arguments. */
const commands = [
  ...guide
    .replaceAll(/ \\\n +/g, ' ')
    .matchAll(/^ {4}npx --no-install keyward (policy .*)$/gm),
].map(([, line = '']) => line.split(' '))
const blocks = [...guide.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
const ofKind = (kind: string) =>
  blocks.flatMap(([, name, text = '']) => (name === kind ? [text] : []))
const outputs = ofKind('')
const files = ofKind('json')

const run = (args: readonly string[] | undefined) =>
  runInProcess(args ?? [], {}, { cwd: folder })
const path = join(folder, 'payouts.json')

test('is followed as written, to a policy that is tested', async () => {
  const [init, explain, lint, check, lines, tested, withAbi] = commands
  const [rule, example, allowed, denied, answers, passed] = outputs
  expect(commands.length).toBe(8)
  expect(withAbi).toContain('--abi')
  expect((await run(init)).code).toBe(0)
  const before = await run(lint)
  expect(before.code).toBe(1)
  expect(before.stdout).toContain(example)

  const policy = JSON.parse(readFileSync(path, 'utf8'))
  const address = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
  policy.groups.payees = [{ name: 'ACME', address }]
  writeFileSync(path, JSON.stringify(policy))
  expect((await run(explain)).stdout).toContain(rule)
  const after = await run(lint)
  expect([after.code, after.stdout]).toEqual([
    0,
    expect.stringContaining('0 errors, 1 warning.'),
  ])

  const [request = '', cases = ''] = files
  const requestPath = join(folder, 'request.json')
  writeFileSync(requestPath, request)
  expect(await run(check)).toEqual({ code: 0, stderr: '', stdout: allowed })
  const thief = 'bd'.repeat(20)
  writeFileSync(
    requestPath,
    request.replace(address.slice(2).toLowerCase(), thief),
  )
  expect(await run(check)).toEqual({ code: 1, stderr: '', stdout: denied })

  const [args = [], from] = [lines?.slice(0, -2), lines?.slice(-2)]
  expect(from).toEqual(['<', 'requests.jsonl'])
  const [input = ''] = ofKind('jsonl')
  const answered = await runInProcess(args, {}, { cwd: folder, input })
  expect(answered.code).toBe(0)
  const decisions = answered.stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(\{"decision":"\w+").*$/, '$1'))
  expect(answers?.replaceAll(/,.*/g, '').trim().split('\n')).toEqual(decisions)

  writeFileSync(join(folder, 'payouts.cases.json'), cases)
  expect(await run(tested)).toEqual({ code: 0, stderr: '', stdout: passed })
})

test('names each finding of lint', () => {
  const folder = join(root, 'packages/guard/src/authoring/lint')
  const names = ['Unreachable', 'Limitless', 'Anybody', 'Arguments', 'Examples']
  const source = names
    .map((name) => readFileSync(join(folder, `find${name}.ts`), 'utf8'))
    .join('\n')
  const codes = [
    ...source.matchAll(/code: '([a-z-]+)'|finding\(rule, '([a-z-]+)'/g),
  ].map(([, one, other]) => one ?? other)
  expect(new Set(codes).size).toBeGreaterThan(12)
  for (const code of codes) expect(guide).toContain(`\`${code}\``)
})
