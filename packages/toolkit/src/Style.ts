/** How words stand out where a person reads. */
export type Style = {
  bold(text: string): string
  dim(text: string): string
  green(text: string): string
  red(text: string): string
  /** Neither good nor bad yet. */
  yellow(text: string): string
  /** What to type next. */
  cyan(text: string): string
}
