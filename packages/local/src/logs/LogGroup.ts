/** A stored log group. */
export type LogGroup = {
  name: string
  /** Milliseconds since 1970. */
  createdAt: number
  /** Undefined if events are kept forever. */
  retentionInDays?: number
}

export type LogEvent = {
  stream: string
  /** Milliseconds since 1970. */
  at: number
  message: string
  /** The position in the group, counted from 0 and never reused. */
  position: number
}

/** Allowed values of `RetentionInDays`. */
export const retentions: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827,
  2192, 2557, 2922, 3288, 3653,
]
