import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nextSteps } from '../../packages/toolkit/src/home/demo/nextSteps.js'
import { cleanEnv, root, run } from '../support/runCli.js'
import { toolPath, without } from '../support/tools.js'
import { untilSaid } from '../support/untilSaid.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward-demo-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test.skipIf(without('aws'))(
  'every command it prints runs exactly as printed',
  async () => {
    // In a folder of its own, so that no one's `.keyward` is touched, and on
    // free ports, since 4566 and 8545 may be taken on this machine.
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const env = {
      PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}`,
      HOME: folder,
      npm_config_offline: 'true',
      KEYWARD_PORT: '0',
      KEYWARD_CHAIN_PORT: '0',
    }
    const [first, ...others] = nextSteps.map(({ command }) => command)
    // A group of its own, as a terminal gives it, to press Ctrl-C on.
    const home = spawn('sh', ['-c', first ?? ''], {
      cwd: folder,
      env: cleanEnv(env),
      detached: true,
    })
    const closed = once(home, 'close')
    try {
      const ready = await untilSaid(
        home.stdout,
        /The local home is running[\s\S]*keyward tx list\n/,
      )
      const address = /alias\/keyward-dev {2}(0x\w{40})/.exec(ready)?.[1]
      const script = others
        .map((command) => `${command}\necho "-- $?"`)
        .join('\n')
      const ran = await run('sh', ['-c', script], { env, cwd: folder })
      const outputs = ran.stdout.split(/-- (\d+)\n/)
      const codes = outputs.filter((_, index) => index % 2 === 1)
      expect({ codes, stderr: ran.stderr }).toEqual({
        codes: others.map(() => '0'),
        stderr: expect.stringMatching(
          /^local home http:\/\/127\.0\.0\.1:\d+\n/,
        ),
      })
      const [, , sent, , aws, , cast, , signature] = outputs
      expect(sent).toMatch(/^status +mined in block 1$/m)
      expect(JSON.parse(aws ?? '').KeyMetadata).toMatchObject({
        KeySpec: 'ECC_SECG_P256K1',
        KeyState: 'Enabled',
      })
      expect(cast?.trim().toLowerCase()).toBe(address?.toLowerCase())
      expect(signature).toContain(`address    ${address}`)
      // What `keyward local` itself prints, in the same words.
      const printed = [
        ...ready.matchAll(/^ {2}((?:eval|npx|aws) (?:.*\\\n)*.*)$/gm),
      ]
      for (const command of printed) {
        const all = `eval "$(npx --no-install keyward env)"; ${command[1]}`
        expect((await run('sh', ['-c', all], { env, cwd: folder })).code).toBe(
          0,
        )
      }
    } finally {
      process.kill(-(home.pid as number), 'SIGINT')
      await closed
    }
  },
)
