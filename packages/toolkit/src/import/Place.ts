import type { ImportKey } from './findImportKey.js'

/** The target of the key material: a key, or a way to create one. */
export type Place =
  | { key: ImportKey; create?: never }
  | { key?: never; create(): Promise<ImportKey> }
