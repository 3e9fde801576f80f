import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { without } from '../support/tools.js'

// docs/quickstart-aws.md and own-key.md, typed as they stand.

describe.skipIf(without('openssl'))('own-key.md', () => {
  let opened: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    opened = await openGuide([])
  })
  afterAll(() => opened.close())

  test('from a file to a key that signs, and no file', async () => {
    const password = 'correct horse battery'
    const shown = await opened.follow({
      guide: '../own-key',
      before: `cd '${opened.folder}'`,
      answers: [
        [/New password.*not shown\): /, password],
        [/Repeat it: /, password],
        [/not shown\): /, password],
        [/not shown\): /, password],
        [/not shown\): /, password],
      ],
    })
    expect(shown).toMatch(/address +0x\w{40}, restored/)
    const [, address] = /All belong to (0x\w{40})\./.exec(shown) ?? []
    expect(address).toBeDefined()
    expect(shown).toMatch(/status +mined in block \d/)
    expect(shown).toMatch(new RegExp(`from +${address} on local`))
    expect(shown).toContain('Nothing was sent.')
    expect(existsSync(join(opened.folder, 'mine.pem'))).toBe(false)
    expect(existsSync(join(opened.folder, 'mine.backup.json'))).toBe(true)
  })
})

describe.skipIf(without('aws'))('from an empty account', () => {
  let opened: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    opened = await openGuide(['--no-stack'])
  })
  afterAll(() => opened.close())

  test('quickstart-aws.md', { timeout: 400_000 }, async () => {
    const shown = await opened.follow({ guide: '../quickstart-aws' })
    expect(shown).toMatch(/AlarmsArn\s+arn:aws:sns:.*:treasury-alarms/)
    expect(shown).toMatch(/through treasury-sender:payouts:\s+0\.01 ETH/)
    expect(shown).toMatch(/status +mined in block \d/)
  })
})
