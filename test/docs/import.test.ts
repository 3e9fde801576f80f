import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followGuide } from '../support/followGuide.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { soak, without } from '../support/tools.js'

// docs/guides/import.md and backup.md, typed as they stand.

describe.skipIf(without('aws'))('by one command', () => {
  let home: RunningHome
  let folder: string
  beforeAll(async () => {
    home = await startLocalHome({ args: ['--no-chain'] })
    folder = await mkdtemp(join(tmpdir(), 'keyward guide '))
  })
  afterAll(async () => {
    await home.close()
    await rm(folder, { recursive: true, force: true })
  })
  const shared = () => ({ home, folder, before: `cd '${folder}'` })
  const password = 'correct horse battery'

  test('import.md: from a new key to a signature', async () => {
    const { code, shown } = await followGuide({
      ...shared(),
      guide: 'import',
      heading: 'From a new key to a signature',
      answers: [
        [/New password \(not shown\): /, password],
        [/Repeat it: /, password],
        [/not shown\): /, password],
        [/not shown\): /, password],
      ],
    })
    expect(code, shown).toBe(0)
    const [, address] = /address +(0x\w{40})/.exec(shown) ?? []
    expect(shown).toContain(`All belong to ${address}.`)
    expect(shown).toMatch(/agrees, signed.* key +alias\/savings/)
  })

  test.runIf(soak)('backup.md: the drill', async () => {
    const { code, shown } = await followGuide({
      ...shared(),
      guide: 'backup',
      heading: 'Test it',
      answers: [[/not shown\): /, password]],
    })
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/address +0x\w{40}, restored/)
    expect(shown).toMatch(/signed +yes/)
  })
})
