import type { Style } from '@keyward/toolkit'

/** Returns the word for a transaction's state, colored by severity. */
export function paintStatus(status: string, style: Style): string {
  const word = status.trim()
  if (word === 'mined') return style.green(status)
  return /^(accepted|reserved|signed|sent)$/.test(word)
    ? style.yellow(status)
    : style.red(status)
}
