import type { Window } from '../../../packages/guard/src/windows/index.js'

export const lengths = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }

export type Spent = { at: number; amount: bigint }

/**
 * An interval of the window's length, both ends included, in which more than
 * the limit was spent; from nothing but times and amounts.
 */
export function findExcess(
  { length, limit }: Pick<Window, 'length' | 'limit'>,
  spent: readonly Spent[],
): { from: number; to: number; sum: bigint } | undefined {
  // The sum only grows at a spending; so the worst intervals end at one.
  for (const { at: to } of spent) {
    const from = to - lengths[length]
    const sum = spent
      .filter(({ at }) => at >= from && at <= to)
      .reduce((sum, { amount }) => sum + amount, 0n)
    if (sum > limit) return { from, to, sum }
  }
  return undefined
}
