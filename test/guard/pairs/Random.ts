/** Numbers that a seed determines (mulberry32). */
export type Random = ReturnType<typeof from>

export function from(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  /** 0 to below. */
  const int = (below: number) => Math.floor(next() * below)
  const chance = (share: number) => next() < share
  const pick = <item>(list: readonly item[]): item => list[int(list.length)]!
  const some = <item>(list: readonly item[], share: number) =>
    list.filter(() => chance(share))
  const times = <item>(most: number, make: () => item): item[] =>
    Array.from({ length: int(most + 1) }, make)
  const hex = (bytes: number) =>
    Array.from({ length: bytes }, () =>
      int(256).toString(16).padStart(2, '0'),
    ).join('')
  return { int, chance, pick, some, times, hex }
}
