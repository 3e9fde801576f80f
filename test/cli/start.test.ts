import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from '../../scripts/build.mjs'
import { root, run, spawnCli } from '../support/runCli.js'

// People wait for a help text. What a command needs is loaded when it runs: the
// coverage of a real run tells what was loaded before.

beforeAll(() => ensureBuilt())

async function loaded(...args: string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-start-'))
  try {
    const env = { NODE_V8_COVERAGE: folder }
    expect(await spawnCli(args, { env })).toMatchObject({ code: 0, stderr: '' })
    const [file = ''] = await readdir(folder)
    const { result } = JSON.parse(
      await readFile(join(folder, file), 'utf8'),
    ) as { result: { url: string }[] }
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test.each([['--help'], ['--version']])(
  'keyward %s loads neither core nor key files nor clients of AWS',
  async (flag) => {
    const urls = await loaded(flag)
    expect(urls.some((url) => url.endsWith('/packages/cli/dist/main.js'))).toBe(
      true,
    )
    // The command is bundled. A comment names the file of each part.
    const texts = await Promise.all(
      urls.map((url) => readFile(fileURLToPath(url), 'utf8')),
    )
    const parts = texts.flatMap((text) => [
      ...text.matchAll(/^\s*\/\/ ((?:packages|node_modules)\/.*)$/gm),
    ])
    const files = parts.map(([, file = '']) => file)
    expect(files.length).toBeGreaterThan(100)
    const light =
      /^packages\/(cli|toolkit)\/|^packages\/core\/src\/errors\/|\/formats\/Format\.ts$/
    expect(
      files.filter((file) => !/node_modules/.test(file) && !light.test(file)),
    ).toEqual([])
    const packages = new Set(
      files.flatMap(
        (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
      ),
    )
    expect([...packages]).toEqual(['commander'])
  },
)

test('each part that is loaded when it is needed is a module with named exports', async () => {
  const dist = join(root, 'packages', 'cli', 'dist')
  const files = (await readdir(dist)).filter((file) => file.endsWith('.js'))
  expect(files.length).toBeGreaterThan(100)
  for (const file of files)
    expect(await readFile(join(dist, file), 'utf8'), file).not.toMatch(
      /^export default require_/m,
    )
  const script = `for (const file of ${JSON.stringify(files)})
    await import('./' + file).catch((error) => console.error(file, error))`
  const node = ['--input-type=module', '-e', script]
  expect(await run(process.execPath, node, { cwd: dist })).toEqual({
    ...{ code: 0, stdout: '', stderr: '' },
  })
})
