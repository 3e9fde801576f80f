import type { ImportKey } from './findImportKey.js'

/** What takes the key material: a key, or the way to make one. */
export type Place =
  | { key: ImportKey; create?: never }
  | { key?: never; create(): Promise<ImportKey> }
