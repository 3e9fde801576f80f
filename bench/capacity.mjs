// node bench/capacity.mjs: how far one key, many keys and several accounts or
// Regions go, by simulation. Each request takes its turn at every limit that
// AWS sets, in the order in which the sender comes to it.

/** AWS's quotas and what the sender asks of them. */
export const limits = {
  /** ECC requests per second, of an AWS account in a Region (adjustable). */
  kmsPerSecond: 1000,
  /** Write units per second of one partition. */
  partitionWrites: 1000,
  /** Functions at once, of an AWS account in a Region (adjustable). */
  concurrency: 1000,
  /** Nonce created, signed bytes stored: both in the account's partition. */
  writesOfNonce: 2,
  /** Number taken from the head, an item of its own. */
  writesOfHead: 1,
  /** Index `open`: put in when accepted, taken out when final. */
  writesOfOpen: 2,
  /** Settled by the account's reconciler: 8 at once, receipt and write. */
  settledPerSecond: 8 / 0.03,
  kmsMs: 150,
  /** Six calls to the ledger. */
  ledgerMs: 30,
  rpcMs: 60,
}

const seconds = 20
/** Callers wait that long, as the sender does by default. */
const patienceMs = 30_000

/** Something that serves so many units per second, one after the other. */
function createServer(perSecond) {
  let freeAt = 0
  let served = 0
  return {
    /** When `units` that come at `at` have been served. */
    serve(at, units) {
      freeAt = Math.max(freeAt, at) + (units * 1000) / perSecond
      served += units
      return freeAt
    },
    use: (ms) => served / perSecond / (ms / 1000),
  }
}

/** The earliest of so many slots. */
function createSlots(count) {
  const heap = new Float64Array(count)
  const sift = (value) => {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= count) break
      if (child + 1 < count && heap[child + 1] < heap[child]) child++
      if (heap[child] >= value) break
      heap[at] = heap[child]
      at = child
    }
    heap[at] = value
  }
  let busy = 0
  return {
    /** Begins at the earliest; `run` tells when it ends. */
    run(at, run) {
      const begin = Math.max(at, heap[0])
      const end = run(begin)
      busy += end - begin
      sift(end)
      return end
    },
    use: (ms) => busy / count / ms,
  }
}

/** The same at every run (mulberry32). */
function createRandom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * @param {{ perSecond: number, keys: number, regions: number }} setup
 * `regions` stands for AWS accounts times Regions, each with `keys` keys.
 */
export function simulate({ perSecond, keys, regions }) {
  const random = createRandom(1)
  const sites = Array.from({ length: regions }, () => ({
    kms: createServer(limits.kmsPerSecond),
    slots: createSlots(limits.concurrency),
    keys: Array.from({ length: keys }, () => ({
      nonces: createServer(limits.partitionWrites),
      head: createServer(limits.partitionWrites),
      open: createServer(limits.partitionWrites),
      settling: createServer(limits.settledPerSecond),
    })),
  }))
  const waits = []
  let late = 0
  let at = 0
  let last = 0
  while (at < seconds * 1000) {
    at += (-Math.log(1 - random()) * 1000) / perSecond
    const site = sites[Math.floor(random() * regions)]
    const key = site.keys[Math.floor(random() * keys)]
    const end = site.slots.run(at, (begin) => {
      const accepted = begin + limits.ledgerMs / 2
      const opened = key.open.serve(accepted, limits.writesOfOpen)
      const numbered = key.head.serve(opened, limits.writesOfHead)
      const owned = key.nonces.serve(numbered, limits.writesOfNonce)
      const signed = site.kms.serve(owned, 1) + limits.kmsMs
      return signed + limits.ledgerMs / 2 + limits.rpcMs
    })
    last = Math.max(last, key.settling.serve(end, 1))
    if (end - at > patienceMs) late++
    waits.push(end - at)
    last = Math.max(last, end)
  }
  waits.sort((a, b) => a - b)
  const uses = Object.entries({
    'KMS quota': Math.max(...sites.map(({ kms }) => kms.use(last))),
    'Lambda concurrency': Math.max(
      ...sites.map(({ slots }) => slots.use(last)),
    ),
    "nonces' partition": mostUsed(sites, 'nonces', last),
    'index open': mostUsed(sites, 'open', last),
    head: mostUsed(sites, 'head', last),
    reconciler: mostUsed(sites, 'settling', last),
  }).sort(([, a], [, b]) => b - a)
  const [binding] = uses
  return {
    done: (waits.length * 1000) / last,
    medianMs: waits[Math.floor(waits.length / 2)],
    p99Ms: waits[Math.floor(waits.length * 0.99)],
    late: late / waits.length,
    binding: binding[1] > 0.9 ? binding[0] : 'none',
    use: binding[1],
  }
}

function mostUsed(sites, name, ms) {
  return Math.max(
    ...sites.flatMap(({ keys }) => keys.map((key) => key[name].use(ms))),
  )
}

const setups = [
  ...[100, 250, 400, 600].map((perSecond) => ({
    perSecond,
    keys: 1,
    regions: 1,
  })),
  ...[500, 900, 1500].map((perSecond) => ({ perSecond, keys: 8, regions: 1 })),
  ...[2000, 3000].map((perSecond) => ({ perSecond, keys: 8, regions: 4 })),
  ...[5000, 10_000].map((perSecond) => ({ perSecond, keys: 6, regions: 12 })),
]

/** As a table of the results' page. */
export function formatCapacity() {
  const rows = setups.map((setup) => {
    const { done, medianMs, p99Ms, binding, use } = simulate(setup)
    const { perSecond, keys, regions } = setup
    return [
      perSecond,
      regions,
      keys * regions,
      Math.round(done),
      Math.round(medianMs),
      Math.round(p99Ms),
      binding === 'none' ? `none (${Math.round(use * 100)} %)` : binding,
    ]
  })
  return `
## Capacity, simulated

Arrivals at random for ${seconds} s. KMS gives ${limits.kmsPerSecond}/s to an AWS account in a Region, a
partition ${limits.partitionWrites} writes/s, Lambda ${limits.concurrency} at once; one transaction waits ${limits.kmsMs} ms for
KMS, ${limits.ledgerMs} for the ledger, ${limits.rpcMs} for the node.

| wanted/s | accounts x Regions | keys in all | settled/s | median ms | 99 % ms | what binds |
| --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`
}

if (process.argv[1] === new URL(import.meta.url).pathname)
  process.stdout.write(formatCapacity())
