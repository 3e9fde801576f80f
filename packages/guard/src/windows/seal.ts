import { createHash } from 'node:crypto'

/**
 * What the key of an item says of its contents. Nobody can delete an item, so
 * that one that was rewritten no longer fits its key.
 */
export function sealOf(...contents: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex')
}
