import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { runCli } from '../support/runCli.js'

// docs/guides/guardrails.md, typed as it stands.

describe('guardrails.md', { timeout: 400_000 }, () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide([])
  })
  afterAll(() => guide.close())

  test('a policy on the local home, and a window that refuses', async () => {
    const shown = await guide.follow({
      guide: 'guardrails',
      heading: 'Try it on the local home',
      before: `cd '${guide.folder}'`,
    })
    expect(shown.match(/^status +mined/gm)).toHaveLength(3)
    expect(shown).toMatch(
      /windows\[native-day\]: got 0\.25\d* ETH on top of 0\.75\d* ETH already counted; allowed: 1 ETH in any 24 hours, including maximum fees/,
    )
  })

  test('the stack afterwards: its file moves, its policy and itself go', async () => {
    const env = await guide.home.env('operator')
    const run = (...args: string[]) =>
      runCli([...args, '--stack', 'payments'], { env })
    const [from, to] = ['home.json', 'moved.json'].map((name) =>
      join(guide.folder, name),
    ) as [string, string]
    await rename(from, to)
    const change = ['deploy', '--log-level', 'DEBUG', '--dry-run']
    const missing = await run(...change)
    expect(missing.code).not.toBe(0)
    expect(missing.stderr).toContain('pass its new path: --policy FILE')
    const found = await run(...change, '--policy', to)
    expect(found).toMatchObject({ code: 0 })
    expect(found.stderr).not.toContain('…')

    expect(await run('deploy', '--policy', 'none')).toMatchObject({ code: 0 })
    const kept = /^ {2}keep +Logs::LogGroup +(payments-MessageLogs\S+)$/m
    const destroy = () => run('destroy', '--even-with-funds', '--verbose')
    const [, logs = ''] = kept.exec((await destroy()).stderr) ?? []
    const again = await destroy()
    expect(again.stderr).toMatch(kept)
    expect(again.stderr).not.toMatch(/^ {2}remove /m)
    expect(again.stderr).toMatch(/^ {2}gone +Logs::LogGroup +payments-Sender/m)
    expect(again.stdout).toContain(`- ${logs} (AWS::Logs::LogGroup)`)
    expect(again.stdout).toContain(`--log-group-name ${logs}`)
  })
})
