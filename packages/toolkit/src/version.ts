import { readFileSync } from 'node:fs'

/** The version of this package and of `keyward`. All packages share it. */
export function version(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  return manifest.version
}
