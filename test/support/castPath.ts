import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Path of cast's own binary in the package for this platform: the npm command
 * `cast` is a wrapper in Node, several times slower to start.
 */
export function castPath(): string {
  const cast = createRequire(import.meta.url).resolve(
    '@foundry-rs/cast/package.json',
  )
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/cast-${process.platform}-${arch}/package.json`
  return join(dirname(createRequire(cast).resolve(name)), 'bin', 'cast')
}
