/** How to highlight text for users. */
export type Style = {
  bold(text: string): string
  dim(text: string): string
  green(text: string): string
  red(text: string): string
  /** For results that are not yet good or bad. */
  yellow(text: string): string
  /** For commands to type next. */
  cyan(text: string): string
}
