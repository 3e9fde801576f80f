/** Numbers that are the same for the same seed. */
export type Random = {
  /** 0 <= x < 1 */
  next(): number
  /** A whole number, 0 <= x < limit. */
  below(limit: number): number
  /** A whole number, low <= x <= high. */
  between(low: number, high: number): number
  chance(share: number): boolean
  pick<item>(items: readonly item[]): item
  /** So many bytes, as hex digits. */
  hex(bytes: number): string
  /** A stream of its own, so that what one part draws changes no other. */
  fork(): Random
}

/** xoshiro128**, seeded by splitmix32 (https://prng.di.unimi.it). */
export function createRandom(seed: number): Random {
  let mix = seed >>> 0
  const seedWord = () => {
    mix = (mix + 0x9e3779b9) >>> 0
    let z = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  let [a, b, c, d] = [seedWord(), seedWord(), seedWord(), seedWord()]
  const word = () => {
    const turned = Math.imul(b, 5)
    const result = Math.imul((turned << 7) | (turned >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
  const next = () => word() / 2 ** 32
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (share) => next() < share,
    pick: <item>(items: readonly item[]) => items[below(items.length)] as item,
    hex(bytes) {
      let text = ''
      while (text.length < bytes * 2)
        text += word().toString(16).padStart(8, '0')
      return text.slice(0, bytes * 2)
    },
    fork: () => createRandom(word()),
  }
}
