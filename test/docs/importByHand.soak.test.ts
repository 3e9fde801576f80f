import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { root } from '../support/runCli.js'
import { without } from '../support/tools.js'

// docs/guides/import-by-hand.md, typed as it stands.

describe.skipIf(without('aws') || without('openssl'))('by hand', () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide(['--no-chain'])
  })
  afterAll(() => guide.close())

  test('command by command, by either wrapping', async () => {
    const shown = await guide.follow({
      guide: 'import-by-hand',
      heading: 'With the AWS CLI, command by command',
      answers: [
        [/Encryption Password:/, 'correct horse'],
        [/Encryption Password:/, 'correct horse'],
        [/pass phrase for backup\.pem:/, 'correct horse'],
      ],
      after: 'ls -d "$folder" || echo "The folder is gone."',
    })
    expect(shown).toContain('Key is valid')
    expect(shown).toContain('KMS holds this key.')
    expect(shown).toContain('The folder is gone.')
  })

  test('by the script', async () => {
    const shown = await guide.follow({
      guide: 'import-by-hand',
      heading: 'With the script',
      answers: [
        [/New password for savings\.pem: /, 'correct horse'],
        [/Repeat it: /, 'correct horse'],
        [/Password of savings\.pem: /, 'correct horse'],
      ],
      before: `eval "$(npx --no-install keyward env --as operator)"
          ln -s '${root}/scripts' '${guide.folder}/scripts'; cd '${guide.folder}'`,
    })
    expect(shown.match(/Verified/g)).toHaveLength(2)
    expect(shown).toContain('so the keys are only compared')
  })
})
