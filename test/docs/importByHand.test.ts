import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { shellBlocks } from '../support/readGuide.js'
import { keywardBin, root } from '../support/runCli.js'
import { type Answer, runInTerminal } from '../support/runInTerminal.js'
import { toolPath, without } from '../support/tools.js'

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

  /** Types the blocks under a heading into one shell, which stops at a fault. */
  async function follow(
    heading: string,
    answers: Answer[],
    { before = '', after = '' } = {},
  ) {
    const file = join(folder, 'typed.sh')
    const blocks = shellBlocks('import-by-hand', heading)
    await writeFile(
      file,
      [
        'set -euo pipefail',
        // The home of the test has a folder of its own.
        `npx() { shift; '${process.execPath}' '${keywardBin}' "$@" --data-dir '${home.dataDir}'; }`,
        before,
        ...blocks.map(({ code }) => code),
        after,
      ].join('\n'),
    )
    return runInTerminal(['bash', file], answers, {
      env: { PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}` },
      cwd: root,
    })
  }

  test('command by command, by either wrapping', async () => {
    const { code, shown } = await follow(
      'By the AWS CLI, command by command',
      [
        [/Encryption Password:/, 'correct horse'],
        [/Encryption Password:/, 'correct horse'],
        [/pass phrase for backup\.pem:/, 'correct horse'],
      ],
      { after: 'ls -d "$folder" || echo "The folder is gone."' },
    )
    expect(code, shown).toBe(0)
    expect(shown).toContain('Key is valid')
    expect(shown).toContain('KMS holds this key.')
    expect(shown).toContain('The folder is gone.')
  })

  test('by the script', async () => {
    const { code, shown } = await follow(
      'By the script',
      [
        [/New password for savings\.pem: /, 'correct horse'],
        [/The same again: /, 'correct horse'],
        [/Password of savings\.pem: /, 'correct horse'],
      ],
      {
        before: `eval "$(npx keyward env --as operator)"
          ln -s '${root}/scripts' '${folder}/scripts'; cd '${folder}'`,
      },
    )
    expect(code, shown).toBe(0)
    expect(shown.match(/Verified/g)).toHaveLength(2)
    expect(shown).toContain('nothing to import, only to compare')
  })
})
