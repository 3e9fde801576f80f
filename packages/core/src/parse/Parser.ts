import type { Problems } from './Problems.js'

/**
 * Reads one untrusted value. What is wrong goes to `problems` under `path`, and
 * the answer is then `undefined`.
 */
export type Parser<value> = (
  value: unknown,
  path: string,
  problems: Problems,
) => value | undefined
