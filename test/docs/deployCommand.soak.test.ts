import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { without } from '../support/tools.js'

// docs/guides/deploy.md, typed as it stands.

// Each deployment synthesises anew, which takes a slow machine its time.
describe.skipIf(without('aws'))('deploy.md', { timeout: 400_000 }, () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide(['--no-chain'])
  })
  afterAll(() => guide.close())

  test('with one command: a stack that is pinned, and who may call it', async () => {
    const shown = await guide.follow({
      guide: 'deploy',
      heading: 'With one command',
      before: `cd '${guide.folder}'`,
    })
    const [, address] = /^pin +(0x\w{40})/m.exec(shown) ?? []
    expect(shown).toMatch(new RegExp(`^address +${address}  \\(from KMS`, 'm'))
    expect(shown).toContain(`"eth_checksum_address":"${address}"`)
    expect(shown).toMatch(/Environment\.Variables\.KEYWARD_ADDRESS: none -> 0x/)
    expect(shown).toContain(
      'would change. Nothing was done: this was a dry run.',
    )
  })
})
