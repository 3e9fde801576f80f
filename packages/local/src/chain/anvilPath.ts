import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { HomeError } from '../HomeError.js'

/**
 * Path of anvil's own binary in the package for this platform. The npm command
 * `anvil` is not used, because it is a wrapper that, when stopped, leaves the
 * chain running.
 *
 * @throws {HomeError} chain-missing
 */
export function anvilPath(
  platform: string = process.platform,
  arch: string = process.arch,
): string {
  const cpu = arch === 'x64' ? 'amd64' : arch
  const name = `@foundry-rs/anvil-${platform}-${cpu}`
  const file = platform === 'win32' ? 'anvil.exe' : 'anvil'
  try {
    // By the packages that depend on them: the command bundles this file.
    const here = createRequire(import.meta.url)
    const local = createRequire(here.resolve('@keyward/local/package.json'))
    const anvil = createRequire(local.resolve('@foundry-rs/anvil/package.json'))
    const folder = dirname(anvil.resolve(`${name}/package.json`))
    const path = join(folder, 'bin', file)
    if (existsSync(path)) return path
  } catch {}
  throw new HomeError(
    'chain-missing',
    `The npm package ${name}, which contains the chain's program, is not installed. Run npm install without --omit=optional, or start without a chain: --no-chain.`,
  )
}
