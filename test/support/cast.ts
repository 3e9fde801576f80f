import { execFileSync } from 'node:child_process'
import { castPath } from './castPath.js'

/** What cast answers, without its last line end. */
export function cast(...args: readonly string[]): string {
  return execFileSync(castPath(), args, {
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim()
}
