import type { Style } from '@keyward/toolkit'

/** The word for a transaction's state, by how well it stands. */
export function paintStatus(status: string, style: Style): string {
  const word = status.trim()
  if (word === 'mined') return style.green(status)
  return /^(accepted|reserved|signed|sent)$/.test(word)
    ? style.yellow(status)
    : style.red(status)
}
