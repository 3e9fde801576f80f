import { fileURLToPath } from 'node:url'

/** The checkout's folder, as a path without a trailing slash. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(
  /\/$/,
  '',
)
