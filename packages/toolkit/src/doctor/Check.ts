import { isDescribed } from '@keyward/core/errors'

/** One thing that was looked at. */
export type Check = {
  name: string
  /** Undefined where it does not matter, or may not be seen. */
  ok: boolean | undefined
  found: string
  /** What to do. */
  fix?: string
}

/** A fault, told by the first lines of an error. */
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
