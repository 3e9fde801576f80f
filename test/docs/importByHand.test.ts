import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followGuide } from '../support/followGuide.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { root } from '../support/runCli.js'
import { without } from '../support/tools.js'

// docs/guides/import-by-hand.md, typed as it stands.

describe.skipIf(without('aws') || without('openssl'))('by hand', () => {
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

  test('command by command, by either wrapping', async () => {
    const { code, shown } = await followGuide({
      guide: 'import-by-hand',
      heading: 'By the AWS CLI, command by command',
      home,
      folder,
      answers: [
        [/Encryption Password:/, 'correct horse'],
        [/Encryption Password:/, 'correct horse'],
        [/pass phrase for backup\.pem:/, 'correct horse'],
      ],
      after: 'ls -d "$folder" || echo "The folder is gone."',
    })
    expect(code, shown).toBe(0)
    expect(shown).toContain('Key is valid')
    expect(shown).toContain('KMS holds this key.')
    expect(shown).toContain('The folder is gone.')
  })

  test('by the script', async () => {
    const { code, shown } = await followGuide({
      guide: 'import-by-hand',
      heading: 'By the script',
      home,
      folder,
      answers: [
        [/New password for savings\.pem: /, 'correct horse'],
        [/The same again: /, 'correct horse'],
        [/Password of savings\.pem: /, 'correct horse'],
      ],
      before: `eval "$(npx keyward env --as operator)"
          ln -s '${root}/scripts' '${folder}/scripts'; cd '${folder}'`,
    })
    expect(code, shown).toBe(0)
    expect(shown.match(/Verified/g)).toHaveLength(2)
    expect(shown).toContain('nothing to import, only to compare')
  })
})
