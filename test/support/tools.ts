import { findTool } from '../../scripts/setup/tools.mjs'

/** The programs of other people that tests drive. */
export type Tool =
  | 'aws'
  | 'gcc'
  | 'openssl'
  | 'pkcs11-tool'
  | 'softhsm2-util'
  | 'spin'
  | 'xxd'

/**
 * True when `npm test -- --without <tool>` left the tool out, for
 * `describe.skipIf(without('aws'))`, or when it is optional, missing and the end
 * of the run says so. Any other missing tool isn't left out: its tests then
 * fail, so that nothing is skipped in silence.
 */
export function without(tool: Tool): boolean {
  return (process.env.KEYWARD_WITHOUT ?? '').split(',').includes(tool)
}

/** Looked for once: to try `aws` takes most of a second. */
const found = new Map<Tool, string>()

/**
 * The tool's path: Debian's own in /usr/bin first, else the first on PATH that
 * works.
 *
 * @throws {Error} when it is missing
 */
export function toolPath(tool: Tool): string {
  const path = found.get(tool) ?? findTool(tool)
  if (path === undefined)
    throw new Error(
      `${tool} is missing: \`npm test\` installs it or says how to get it`,
    )
  found.set(tool, path)
  return path
}

/** True while homes are as hard as AWS can be: in soak, a second time. */
export const strict: boolean = process.env.KEYWARD_AWS_STRICT === '1'

/** True under `npm run test:soak`, when the long runs have their full length. */
export const soak: boolean = process.env.KEYWARD_SOAK === '1'
