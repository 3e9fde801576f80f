import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../support/runCli.js'
import { startBareHome } from '../support/startBareHome.js'

// Two stacks with one key and one table, deployed as a team would. The tests go
// on from each other.

const folder = mkdtempSync(join(tmpdir(), 'keyward second '))
const file = join(folder, 'policy.json')
writeFileSync(
  file,
  JSON.stringify({
    version: 1,
    windows: { texts: { asset: 'requests', length: 'day', limit: '3' } },
    rules: [
      {
        id: 'say',
        windows: ['texts'],
        message: { kinds: ['text'], texts: ['hi'] },
      },
    ],
  }),
)

let home: Awaited<ReturnType<typeof startBareHome>>
beforeAll(async () => {
  home = await startBareHome(['--no-stack'])
}, 120_000)
afterAll(async () => {
  await home?.close()
  rmSync(folder, { recursive: true, force: true })
})

const keyward = async (...args: string[]) =>
  runCli(args, { env: await home.envOf('operator') })
const deploy = async (stack: string, ...args: string[]) => {
  const alone = ['confirmations', 'maxForeign', 'newLedger'].flatMap((name) => [
    '-c',
    `${name}=`,
  ])
  const { code, stdout, stderr } = await keyward(
    ...['deploy', '--stack', stack, '--yes', '--json', '--policy', file],
    ...['-c', 'sender=false', ...alone, ...args],
  )
  return { code, stderr, data: stdout === '' ? undefined : JSON.parse(stdout) }
}

let first: Record<string, string> = {}
let address = ''

test('the first one makes the table', async () => {
  const { code, data, stderr } = await deploy('first')
  expect([code, stderr]).toEqual([0, expect.any(String)])
  first = data.outputs
  address = data.address
  expect(first.GuardTable).toMatch(/^first-Guard/)
})

test('the second one is let in there', async () => {
  const { code, data, stderr } = await deploy(
    'second',
    ...['-c', `existingKeyArn=${first.KeyArn}`, '--address', address],
    ...['-c', `existingGuardTable=${first.GuardTable}`],
  )
  expect([code, stderr]).toEqual([0, expect.any(String)])
  expect(data.outputs.GuardTable).toBe(first.GuardTable)
  expect(data.guard).toMatchObject({ done: true })
  const protect = await keyward(
    ...['ledger', 'protect', String(first.GuardTable), '--dry-run', '--json'],
  )
  const { writers, stacks } = JSON.parse(protect.stdout)
  expect([...stacks].sort()).toEqual(['first', 'second'])
  expect(writers).toHaveLength(8)
})
