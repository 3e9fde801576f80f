import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { without } from '../support/tools.js'

// docs/guides/emergency.md, typed as it stands.

describe.skipIf(without('aws'))('emergency.md', () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide(['--no-chain'])
  })
  afterAll(() => guide.close())

  const before = 'eval "$(npx --no-install keyward env --as admin)"'

  test('stops the stack, looks, and lets it sign again', async () => {
    const follow = (heading: string, before = '') =>
      guide.follow({ guide: 'emergency', heading, before })
    expect(await follow('Stop')).toContain('keyward-dev is frozen.')
    expect(await follow('Look', before)).toContain('FROZEN: nothing is signed')
    expect(await follow('Sign again', before)).toContain(
      'keyward-dev signs again.',
    )
  })
})
