import { createHash } from 'node:crypto'

/**
 * A hash of an item's contents, for its key. Nobody can delete items, so a
 * rewritten item no longer matches its key.
 */
export function sealOf(...contents: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex')
}
