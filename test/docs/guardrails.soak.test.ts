import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'

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
      /windows\[native-day\]: got 0\.25\d* ETH on top of 0\.75\d* ETH already counted; allowed: 1 ETH in any day/,
    )
  })
})
