import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { createSoftHsm } from '../support/softHsm.js'
import { toolPath } from '../support/tools.js'

/** Builds lying.c before SoftHSM2's library. @returns its path */
export function buildLyingLibrary({
  folder,
  library,
}: ReturnType<typeof createSoftHsm>): string {
  const built = join(folder, 'lying.so')
  const source = join(import.meta.dirname, 'lying.c')
  execFileSync(toolPath('gcc'), [
    ...['-shared', '-fPIC', '-Wall', '-Werror', '-o', built, source, '-ldl'],
  ])
  process.env.KEYWARD_REAL_LIBRARY = library
  return built
}
