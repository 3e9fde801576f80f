import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const sender = dirname(fileURLToPath(import.meta.url))
const folders = [sender, join(sender, '..', '..', 'core', 'src', 'rpc')]

// What a simulation has to decide comes from Runtime.ts alone.
const forbidden =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bperformance\b|\bprocess\.hrtime\b|node:timers|\bgetRandomValues\b/

/** Without comments, where examples stand. */
const toCode = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')

async function findSources(): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder, { recursive: true })
      return names.map((name) => join(folder, name))
    }),
  )
  return found
    .flat()
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
}

test('clock, timers and randomness occur only in Runtime.ts', async () => {
  const names = await findSources()
  expect(names.length).toBeGreaterThan(80)
  const found: string[] = []
  for (const name of names) {
    const code = toCode(await readFile(name, 'utf8'))
    if (forbidden.test(code)) found.push(relative(sender, name))
  }
  expect(found).toEqual(['../../core/src/rpc/Runtime.ts'])
})
