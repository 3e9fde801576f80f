import { cosign, type Review, SafeTransaction } from '@keyward/safe'
import type { Door } from './libraryDoors.js'

const safe = `0x${'5a'.repeat(20)}` as const
const domain = { chainId: 31337, safe }

/** All of the room for Safe that a key is handed to. */
export const safeDoors: Record<string, Door> = {
  '@keyward/safe cosign': async (key) => {
    const address = await key.getAddress()
    const owner = address.toLowerCase() as `0x${string}`
    const transaction = SafeTransaction.create({ to: safe, nonce: 0n })
    // What was reviewed, and found harmless.
    const review = {
      domain,
      transaction,
      hashes: SafeTransaction.hash(domain, transaction),
      state: { owners: [owner] },
      findings: [],
    } as unknown as Review
    return cosign(key, review)
  },
}
