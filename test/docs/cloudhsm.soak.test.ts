import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { withoutHsm } from '../support/softHsm.js'

// docs/guides/cloudhsm.md, typed as it stands, on SoftHSM2 and the local home.
describe.skipIf(withoutHsm)('cloudhsm.md', () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide(['--no-chain'])
  })
  afterAll(() => guide.close())

  test('a key on a token, exported, restored, moved into KMS, destroyed', async () => {
    const shown = await guide.follow({
      guide: 'cloudhsm',
      before: `cd '${guide.folder}'`,
    })
    expect(shown).toMatch(
      /payouts +export: never \(the key was created without --extractable\)/,
    )
    expect(shown).toMatch(/treasury +export: wrapped, with a key that/)
    expect(shown).toMatch(/The key signs for (0x\w{40}), as the file says/)
    const [, address] = /Two keys can sign for (0x\w{40})/.exec(shown) ?? []
    expect(shown.split(`${address}`).length).toBeGreaterThan(5)
    expect(shown).toMatch(/alias\/treasury signs for 0x\w{40}\./)
    expect(shown).toMatch(/Destroyed pkcs11:token=first/)
  })
})
