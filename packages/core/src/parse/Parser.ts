import type { Problems } from './Problems.js'

/**
 * Reads one untrusted value. If it is invalid, the parser adds a problem under
 * `path` and returns `undefined`.
 */
export type Parser<value> = (
  value: unknown,
  path: string,
  problems: Problems,
) => value | undefined
