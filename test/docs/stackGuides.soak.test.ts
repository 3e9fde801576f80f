import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rpc } from '../../packages/local/src/chain/rpc.js'
import { openGuide } from '../support/openGuide.js'
import { shellBlocks } from '../support/readGuide.js'
import { runCli } from '../support/runCli.js'
import { without } from '../support/tools.js'

// The guides about a stack's life, typed as they stand, one after the other.

describe.skipIf(without('aws'))('a stack by its guides', () => {
  let opened: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    opened = await openGuide(['--no-stack'])
  })
  afterAll(() => opened.close())

  const admin = 'eval "$(npx --no-install keyward env --as admin)"'
  const follow = (guide: string, heading: string, before = '') =>
    opened.follow({ guide, heading, before })

  test('a stack is deployed', { timeout: 600_000 }, async () => {
    const env = await opened.home.env('operator')
    expect((await runCli(['deploy'], { env })).code).toBe(0)
  })

  test('emergency.md, without the command line', async () => {
    // Its commands do the same to a stack that signs.
    const [first] = shellBlocks('emergency', 'Sign again')
    expect(
      await follow(
        'emergency',
        'Without the command line',
        `${admin}\n${first?.code}`,
      ),
    ).toContain('signs again.')
    expect(await follow('emergency', 'Look', admin)).toContain(
      'FROZEN: nothing is signed',
    )
    await follow('emergency', 'Sign again', admin)
  })

  test('clean-up.md', { timeout: 600_000 }, async () => {
    const { home } = opened
    const plan = await follow('clean-up', 'The plan')
    expect(plan).toContain('Nothing was deleted')
    expect(plan).toContain('Safes that the account owns')
    const shown = await runCli(['status', '--json'], {
      env: await home.env('operator'),
    })
    const { address } = JSON.parse(shown.stdout)
    const port = Number(new URL(home.ready.rpcUrl ?? '').port)
    await rpc(port, 'anvil_setBalance', [address, '0xde0b6b3a7640000'])
    const emptied = await follow('clean-up', 'Empty the account')
    expect(emptied).toContain('Nothing was sent.')
    expect(emptied).toMatch(/mined +0\.9999\d+ ETH[\s\S]*left +0 ETH/)
    const destroyed = await follow('clean-up', 'Destroy')
    expect(destroyed).toMatch(
      /These resources still cost money:\s+- keyward-dev-SenderLedger/,
    )
    expect(destroyed).toContain(
      'keyward key cancel-deletion --key arn:aws:kms:',
    )
    expect(destroyed).toContain('Remove a table only after KMS has deleted')
    expect(destroyed).toContain('is already scheduled for deletion')
    await follow('clean-up', 'Cancel the deletion')
    const env = await home.env('admin')
    const { stdout } = await runCli(['status', '--json'], { env })
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ pinned: true, frozen: 'no' },
      key: { state: 'Enabled', ownedByStack: false },
    })
  })
})
