import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { followGuide } from './followGuide.js'
import { startLocalHome } from './localHome.js'

type Typed = Omit<Parameters<typeof followGuide>[0], 'home' | 'folder'>

/** A home for one guide, whose blocks are typed as they stand. */
export async function openGuide(args: string[] = []) {
  const home = await startLocalHome({ args })
  const folder = await mkdtemp(join(tmpdir(), 'keyward guide '))
  return {
    home,
    folder,
    /** @returns what the terminal showed when all of it succeeded */
    async follow(typed: Typed): Promise<string> {
      const { code, shown } = await followGuide({ home, folder, ...typed })
      expect(code, shown).toBe(0)
      return shown
    },
    async close() {
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
