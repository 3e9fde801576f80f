import { isDescribed } from '@keyward/core/errors'

/** The result of one check. */
export type Check = {
  name: string
  /** Undefined if it doesn't matter, or if the caller may not see it. */
  ok: boolean | undefined
  found: string
  /** What to do. */
  fix?: string
}

/** A failed check, with an error's first lines. */
export const problem = (name: string, text: string, fix: string): Check => ({
  name,
  ok: false,
  found: text.split('\n').slice(0, 2).join(' '),
  fix,
})

/** An error in one line. */
export function sentence(error: Error): string {
  if (!isDescribed(error)) return error.message.split('\n')[0] ?? ''
  const [first = ''] = (error.details ?? '').split('\n')
  return `${error.shortMessage} ${first}`.trim()
}
