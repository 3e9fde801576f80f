import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodes, provideNode } from '../../scripts/setup/nodes.mjs'
import { root, run } from '../support/runCli.js'

// Node 20 is past its end of life: what people run is newer. `npm start`, whose
// functions run on the Node that it runs on, and a core of the tests.

const core = [
  ...['packages/core/src', 'packages/iam/src', 'packages/local/src/lambda'],
  ...['packages/local/src/dynamodb', 'test/doors/'],
]

describe.runIf(nodes.node22.available).each(['node22', 'node24'] as const)(
  'on %s',
  (name) => {
    let folder = ''
    let env: Record<string, string> = {}
    beforeAll(async () => {
      await provideNode(name)
      folder = await mkdtemp(join(tmpdir(), `keyward-${name}-`))
      const path = [dirname(nodes[name].path), process.env.PATH]
      // In soak each of them would take minutes, and they are run so once.
      env = {
        ...{ PATH: path.join(delimiter), HOME: folder, TMPDIR: folder },
        KEYWARD_SOAK: '',
      }
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    test('it is that Node', async () => {
      const { stdout } = await run('node', ['--version'], { env })
      expect(stdout).toMatch(`v${name.slice(-2)}.`)
    })

    test('npm start tells its story to the end', async () => {
      const args = ['start', '--ignore-scripts', '--', '--json']
      const ran = await run('npm', args, { env })
      expect(ran.code, ran.stderr).toBe(0)
      const result = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '')
      expect(result).toMatchObject({
        eip1559: { status: 'success', from: result.address },
        legacy: { status: 'success', from: result.address },
      })
    })

    test('a core of the tests passes', async () => {
      const vitest = join(root, 'node_modules/vitest/vitest.mjs')
      const args = [vitest, 'run', '--reporter=dot', ...core]
      const ran = await run('node', args, { env })
      expect(ran.code, `${ran.stdout}${ran.stderr}`.slice(-5000)).toBe(0)
    }, 1_800_000)
  },
)
