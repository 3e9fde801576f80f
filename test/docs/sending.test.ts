import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveEther } from '../support/giveEther.js'
import { openGuide } from '../support/openGuide.js'
import { without } from '../support/tools.js'

// What sending.md says about the command line, typed as it stands.

describe.skipIf(without('aws'))('sending.md', () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide()
  })
  afterAll(() => guide.close())

  test('from the command line', async () => {
    const { ready, key } = guide.home
    await giveEther(ready.rpcUrl ?? '', key.address)
    const heading = 'From the command line'
    const shown = await guide.follow({ guide: 'sending', heading })
    expect(shown).toContain('keyward-dev can send.')
    expect(shown).toMatch(/status +mined in block 1/)
  })
})
