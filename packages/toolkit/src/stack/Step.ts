import { isDescribed, maskHex } from '@keyward/core/errors'
import { AwsCallError } from '../aws/AwsCallError.js'
import { allowedAtHome } from '../aws/allowedAtHome.js'
import { isDenied } from '../aws/peek.js'

/** The kind of part. `part` is its name for users. */
export type Kind = 'function' | 'key' | 'logs' | 'parameter' | 'stack' | 'table'

/** A part of a command that continues even if other parts fail. */
export type Step = {
  kind: Kind
  /** The part: a function's name or a key's ARN. */
  part: string
  done: boolean
  /** Describes what was done or found, or why the step failed. */
  note: string
  /** Who is allowed to do it, if the caller isn't. */
  runAs?: string
  /** Whether the part is a key whose private key also exists elsewhere. */
  imported?: true
}

/**
 * Runs one part, and reports a failure instead of throwing.
 *
 * @param runAs - Describes who is allowed to do it.
 */
export async function run(
  kind: Kind,
  part: string,
  runAs: string,
  action: () => Promise<string>,
): Promise<Step> {
  try {
    return { kind, part, done: true, note: await action() }
  } catch (error) {
    const who = () => {
      const home = allowedAtHome(error)
      return home ? `${runAs} (keyward env --as ${home.allowed[0]})` : runAs
    }
    const described = AwsCallError.from(error)
    const note = isDescribed(described)
      ? [described.shortMessage, described.details].join(' ')
      : maskHex(described.message)
    return isDenied(error)
      ? { ...{ kind, part, done: false, note: 'not allowed' }, runAs: who() }
      : { kind, part, done: false, note: note.trim() }
  }
}

/** The step for a part that was only looked up by name. */
export const absent = 'does not exist'

export function isThere({ done, note }: Step): boolean {
  return !done || note !== absent
}
