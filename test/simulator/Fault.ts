/** Where a fault strikes; each kind is counted in the coverage. */
export const places = {
  'crash before a write': 'write',
  'crash after a write': 'write',
  'write done, answer lost': 'write',
  'write done twice': 'write',
  'write done late': 'write',
  'ledger throttles': 'write',
  'sleep longer than a lease': 'write',
  'index behind': 'index',
  'crash before a send': 'send',
  'crash after a send': 'send',
  'send done, answer lost': 'send',
  'send done twice': 'send',
  'answer late': 'ask',
  'answer lost': 'ask',
  'KMS throttles': 'sign',
  'KMS slow': 'sign',
  'KMS signs, answer lost': 'sign',
  'clock steps': 'process',
  'node lags': 'node',
  'node lies': 'node',
  'nodes disagree': 'node',
  'node silent': 'node',
  'node busy': 'node',
  'node drops': 'node',
  reorg: 'chain',
  'pool evicted': 'chain',
  'base fee x 8': 'chain',
  'another wallet sends': 'chain',
  'old bytes sent again': 'chain',
  'table rolled back': 'table',
  'row written by an enemy': 'table',
} as const

export type Kind = keyof typeof places
export type Place = (typeof places)[Kind]

export const kinds = Object.keys(places) as Kind[]

/** One fault of a schedule: plain data, so that it can be read and kept. */
export type Fault = {
  kind: Kind
  /** From then on it may strike. */
  atMs: number
  /** Whom it strikes: a process's name, or a node's. */
  target?: string
  /** Steps of this place that it lets pass first. */
  skip?: number
  /** How often it strikes, or for how long; what the kind makes of them. */
  times?: number
  ms?: number
  /** Blocks, for lags and reorgs. */
  depth?: number
  /** Which lie, which row, what becomes of the transactions. */
  how?: string
}

/** The faults that wait for a step to strike. */
export type Faults = {
  arm(fault: Fault): void
  /** Disarms all. */
  clear(): void
  /** The fault that strikes this step of this process. */
  take(place: Place, target: string): Fault | undefined
  /** Says that one struck; of the same one, the first time counts. */
  strike(fault: Fault): void
  /** Kinds that struck. */
  readonly struck: ReadonlyMap<Kind, number>
}

export function createFaults(tell: (fault: Fault) => void): Faults {
  let armed: { fault: Fault; skip: number; times: number }[] = []
  const struck = new Map<Kind, number>()
  const counted = new Set<Fault>()
  function strike(fault: Fault): void {
    if (counted.has(fault)) return
    counted.add(fault)
    struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1)
    tell(fault)
  }
  return {
    struck,
    strike,
    arm(fault) {
      armed.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 })
    },
    clear() {
      armed = []
    },
    take(place, target) {
      for (const one of armed) {
        const { fault } = one
        if (places[fault.kind] !== place || fault.target !== target) continue
        if (one.skip-- > 0) continue
        if (--one.times <= 0) armed = armed.filter((other) => other !== one)
        strike(fault)
        return fault
      }
      return undefined
    },
  }
}
