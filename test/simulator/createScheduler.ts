import type { Random } from './random.js'
import type { Runtime } from './seams.js'

/** What happens when, in virtual time; nothing else moves its clock. */
export type Scheduler = {
  /** Milliseconds since the schedule began. */
  readonly now: number
  /** Events that were run. */
  readonly events: number
  after(ms: number, run: () => void): void
  /** The same for work that settles no promise, which costs less. */
  tick(ms: number, run: () => void): void
  createProcess(name: string): Process
  /**
   * Runs until nothing is left to happen or `stop` was called.
   *
   * @returns false when there were too many events: something goes round
   */
  run(maxEvents?: number): Promise<boolean>
  stop(): void
}

/**
 * A function of Lambda, or a program: what it waits for comes while it lives
 * and is awake.
 */
export type Process = {
  readonly name: string
  readonly runtime: Runtime
  readonly isAlive: boolean
  /** Runs now or, in a frozen process, when it wakes. */
  start(work: () => void): void
  /** None of its promises settles any more; what it has sent stays sent. */
  kill(): void
  /** Nothing of it runs for so long. Its clock goes on. */
  freeze(ms: number): void
  stepClock(ms: number): void
  wait(ms: number): Promise<void>
  /**
   * Something done elsewhere: `effect` after `thereMs`, whatever becomes of the
   * process meanwhile, and its result here after `backMs` more.
   */
  call<value>(
    thereMs: number,
    effect: () => value | Promise<value>,
    backMs: number,
  ): Promise<value>
}

/** When the schedule begins, in ms since 1970. */
export const epoch = 1_800_000_000_000

type Event = {
  time: number
  /** When it would have been, had its process been awake. */
  due: number
  order: number
  run: () => void
  owner: Owner | undefined
  /** Promises may have been settled by it. */
  settles: boolean
}

type Owner = { isAlive: boolean; frozenUntil: number }

/**
 * Every promise that an event settles is followed to its end: what is put off by
 * `nextTick` from within a promise runs when no promise is left. It costs a tenth
 * of `setImmediate`, which goes through the event loop.
 */
const turn = () => new Promise<void>((resolve) => process.nextTick(resolve))

export function createScheduler(random: Random): Scheduler {
  const queue = createQueue()
  let now = 0
  let order = 0
  let events = 0
  let stopped = false

  function add(
    ms: number,
    run: () => void,
    owner: Owner | undefined,
    settles = true,
  ): Event {
    const time = now + Math.max(0, ms)
    const event = { time, due: time, order: order++, run, owner, settles }
    queue.push(event)
    return event
  }

  function isDue(event: Event): boolean {
    const { owner } = event
    if (owner === undefined) return true
    if (!owner.isAlive) return false
    if (owner.frozenUntil <= now) return true
    event.time = owner.frozenUntil
    queue.push(event)
    return false
  }

  function createProcess(name: string): Process {
    const own = random.fork()
    const owner: Owner = { isAlive: true, frozenUntil: 0 }
    let offset = 0
    const created: Process = {
      name,
      get isAlive() {
        return owner.isAlive
      },
      start: (work) => void add(0, work, owner),
      kill() {
        owner.isAlive = false
      },
      freeze(ms) {
        owner.frozenUntil = Math.max(owner.frozenUntil, now + ms)
      },
      stepClock(ms) {
        offset += ms
      },
      wait: (ms) => new Promise((resolve) => add(ms, resolve, owner)),
      call: (thereMs, effect, backMs) =>
        new Promise((resolve, reject) => {
          if (!owner.isAlive) return
          const answer = (settle: () => void) => add(backMs, settle, owner)
          const fail = (error: unknown) => answer(() => reject(error))
          add(
            thereMs,
            () => {
              try {
                const result = effect()
                if (result instanceof Promise)
                  result.then((value) => answer(() => resolve(value)), fail)
                else answer(() => resolve(result))
              } catch (error) {
                fail(error)
              }
            },
            undefined,
          )
        }),
      runtime: {
        now: () => epoch + Math.floor(now) + offset,
        random: own.next,
        uuid: () =>
          own
            .hex(16)
            .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
        sleep: (ms, signal) =>
          new Promise((resolve, reject) => {
            if (signal?.aborted) return reject(signal.reason)
            const event = add(ms, resolve, owner)
            signal?.addEventListener(
              'abort',
              () => {
                event.run = () => {}
                reject(signal.reason)
              },
              { once: true },
            )
          }),
      },
    }
    return created
  }

  return {
    get now() {
      return now
    },
    get events() {
      return events
    },
    after: (ms, run) => void add(ms, run, undefined),
    tick: (ms, run) => void add(ms, run, undefined, false),
    createProcess,
    stop() {
      stopped = true
    },
    async run(maxEvents = Number.POSITIVE_INFINITY) {
      stopped = false
      while (!stopped) {
        if (events > maxEvents) return false
        const event = queue.pop()
        if (event === undefined) return true
        now = event.time
        if (!isDue(event)) continue
        events++
        event.run()
        if (event.settles) await turn()
      }
      return true
    },
  }
}

/** A binary heap. */
function createQueue() {
  const heap: Event[] = []
  const isBefore = (a: Event, b: Event) =>
    a.time !== b.time
      ? a.time < b.time
      : a.due !== b.due
        ? a.due < b.due
        : a.order < b.order
  return {
    push(event: Event): void {
      let at = heap.length
      while (at > 0) {
        const parent = (at - 1) >> 1
        const above = heap[parent] as Event
        if (!isBefore(event, above)) break
        heap[at] = above
        at = parent
      }
      heap[at] = event
    },
    pop(): Event | undefined {
      const first = heap[0]
      const last = heap.pop()
      if (heap.length === 0 || last === undefined) return first
      let at = 0
      for (;;) {
        let child = 2 * at + 1
        if (child >= heap.length) break
        const right = heap[child + 1]
        if (right !== undefined && isBefore(right, heap[child] as Event))
          child++
        const below = heap[child] as Event
        if (!isBefore(below, last)) break
        heap[at] = below
        at = child
      }
      heap[at] = last
      return first
    },
  }
}
