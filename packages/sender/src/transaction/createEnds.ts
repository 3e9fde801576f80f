/** Ends that this process has seen on the chain, of the newest thousand. */
export type Ends = {
  add(id: string, hash: string): void
  has(id: string, hash: string | undefined): boolean
}

const most = 1000

export function createEnds(): Ends {
  const ends = new Map<string, string>()
  return {
    add(id, hash) {
      const [oldest] = ends.keys()
      if (ends.size >= most && oldest !== undefined) ends.delete(oldest)
      ends.set(id, hash)
    },
    has: (id, hash) => hash !== undefined && ends.get(id) === hash,
  }
}
