/** One thing that was looked at. */
export type Check = {
  name: string
  /** Undefined where it does not matter, or may not be seen. */
  ok: boolean | undefined
  found: string
  /** What to do. */
  fix?: string
}
