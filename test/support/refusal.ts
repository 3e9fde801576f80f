import { expect } from 'vitest'

/**
 * All that a refused command has on stdout with `--json`: its error.
 *
 * @param code - Of the error.
 */
export const refusal = (code: string) =>
  expect.stringMatching(
    new RegExp(`^\\{"code":"(?:${code})","error":"[^\\n]+\\}\\n$`),
  )
