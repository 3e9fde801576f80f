import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followGuide } from '../support/followGuide.js'
import { giveEther } from '../support/giveEther.js'
import { openGuide } from '../support/openGuide.js'
import type { Answer } from '../support/runInTerminal.js'
import { openMultisigHome } from '../support/safe/openMultisigHome.js'
import { putReleases } from '../support/safe/putReleases.js'
import { sendHttp } from '../support/sendHttp.js'
import { without } from '../support/tools.js'

// docs/guides/multisig.md, typed as it stands, with a stack as the relayer. In
// npm test, test/cli/safe.test.ts goes the same way without a shell.

describe.skipIf(without('aws'))('multisig.md', () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide()
    const url = guide.home.ready.rpcUrl ?? ''
    const call = async (method: string, params: unknown[] = []) => {
      const { body } = await sendHttp(url, {
        headers: {
          'content-type': 'application/json',
          host: new URL(url).host,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      })
      return JSON.parse(body).result
    }
    await putReleases(call, ['1.4.1'])
    await giveEther(url, guide.home.key.address)
  }, 60_000)
  afterAll(() => guide?.close())

  test('three owners, two approvals, one payment', async () => {
    const shown = await guide.follow({
      guide: 'multisig',
      heading: 'Three owners, two approvals',
      before: `cd '${guide.folder}'`,
    })
    expect(shown).toContain('the Safe loses 0.1 ETH')
    expect(shown).toContain('2 of 2 signatures: the proposal can be executed')
    expect(shown).toMatch(/status +executed in block \d+/)
  })

  test.each<[heading: string, answers: Answer[], says: RegExp]>([
    ['Changing your mind', [], /reject-4\.json[\s\S]*nonce +4/],
    ['Losing an owner', [[/\[y\/N\]/, 'y']], /pinned in +treasury\.safe\.json/],
  ])('then: %s', async (heading, answers, says) => {
    const before = `cd '${guide.folder}'; eval "$(npx keyward env --as user)"`
    const typed = { guide: 'multisig', heading, answers, before }
    expect(await guide.follow(typed)).toMatch(says)
  })

  test('a payment and a message by functions', async () => {
    const owner = (name: string) => ({
      approvers: { [name]: `arn:aws:iam::000000000000:role/${name}` },
      open: ['safe-message'],
    })
    const multisig = await openMultisigHome({
      owners: ['anna', 'bert', 'cleo'].map(owner),
    })
    try {
      await multisig.pin(await multisig.createSafe())
      const { folder } = multisig
      const { code, shown } = await followGuide({
        guide: 'multisig',
        heading: 'With functions',
        home: { dataDir: join(folder, 'home') },
        folder,
        before: `cd '${folder}'`,
      })
      expect(code, shown).toBe(0)
      expect(shown.match(/signed +now/g)).toHaveLength(2)
      expect(shown).toMatch(/status +mined, 2 of 2 signatures/)
      expect(shown).toMatch(/pins +match/)
      expect(shown).toMatch(/signatures +2 of 2: enough/)
    } finally {
      await multisig.close()
    }
  }, 120_000)
})
