import { isDescribed } from '@keyward/core/errors'

/** The result of one check. */
export type Check = {
  name: string
  /**
   * Undefined if the result doesn't matter, or if the caller isn't allowed to
   * see it.
   */
  ok: boolean | undefined
  found: string
  /** What to do. */
  fix?: string
}

/** Creates a failed check with the first lines of an error. */
export const problem = (name: string, text: string, fix: string): Check => ({
  name,
  ok: false,
  found: text.split('\n').slice(0, 2).join(' '),
  fix,
})

/** Describes an error in one line. */
export function sentence(error: Error): string {
  if (!isDescribed(error)) return error.message.split('\n')[0] ?? ''
  const [first = ''] = (error.details ?? '').split('\n')
  return `${error.shortMessage} ${first}`.trim()
}
