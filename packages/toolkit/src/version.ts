import { readFileSync } from 'node:fs'

/** Version of this package, and so of `keyward`: all have one. */
export function version(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  return manifest.version
}
