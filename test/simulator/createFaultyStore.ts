import type { Process } from './createScheduler.js'
import type { Fault, Faults } from './Fault.js'
import type { Random } from './random.js'
import type { Settings, Store } from './seams.js'

export type StoreErrors = {
  timeout(): Error
  throttled(operation: string): Error
}

/**
 * The store as one process sees it: each operation takes its time there and
 * back, and meets the faults that are armed for the process.
 */
export function createFaultyStore(
  store: Store,
  parameters: {
    process: Process
    faults: Faults
    random: Random
    errors: StoreErrors
    /** Hears of each write that is done, for a trace. */
    wrote?: (operation: string, key: string, result: unknown) => void
  },
): Store {
  const { process, faults, random, errors, wrote } = parameters
  const wayMs = () => random.between(1, 8)
  const read = <value>(work: () => Promise<value>) =>
    process.call(wayMs(), work, wayMs())
  /** What an index answered before, per question. */
  const behind = new Map<string, { items: never[]; after: unknown }>()

  async function write<value>(
    operation: string,
    key: string,
    work: () => Promise<value>,
    settings: Settings = {},
  ): Promise<value> {
    const done = async () => {
      const result = await work()
      wrote?.(operation, key, result)
      return result
    }
    const fault = faults.take('write', process.name)
    if (fault === undefined) return process.call(wayMs(), done, wayMs())
    return meet(fault, done, operation, settings)
  }

  async function meet<value>(
    fault: Fault,
    work: () => Promise<value>,
    operation: string,
    settings: Settings,
  ): Promise<value> {
    const ms = fault.ms ?? 100
    switch (fault.kind) {
      case 'crash before a write':
        process.kill()
        return process.wait(0) as never
      case 'crash after a write': {
        const done = async () => {
          const result = await work()
          process.kill()
          return result
        }
        return process.call(wayMs(), done, wayMs())
      }
      case 'sleep longer than a lease': {
        // Before it is sent, or with its answer on the way.
        if (fault.how === 'before') {
          process.freeze(ms)
          await process.wait(0)
          return process.call(wayMs(), work, wayMs())
        }
        const done = async () => {
          const result = await work()
          process.freeze(ms)
          return result
        }
        return process.call(wayMs(), done, wayMs())
      }
      case 'ledger throttles':
        await process.wait(ms)
        throw errors.throttled(operation)
      case 'write done late':
        void process.call(ms * 2, work, 0).catch(() => {})
        await process.wait(ms)
        throw errors.timeout()
      case 'write done twice':
        // A client that heard nothing tries again, unless it must not.
        await process.call(wayMs(), work, ms)
        if (settings.once) throw errors.timeout()
        return process.call(wayMs(), work, wayMs())
      default:
        await process.call(wayMs(), work, ms)
        throw errors.timeout()
    }
  }

  return {
    tableName: store.tableName,
    host: store.host,
    get: (key, settings) => read(() => store.get(key, settings)),
    getMany: (keys, settings) => read(() => store.getMany(keys, settings)),
    check: (settings) => read(() => store.check(settings)),
    create: (item, settings) =>
      write(
        'create',
        Object.values(item.sk ?? {}).join(),
        () => store.create(item, settings),
        settings,
      ),
    update: (key, change, settings) =>
      write(
        'update',
        key.sk,
        () => store.update(key, change, settings),
        settings,
      ),
    query: (query, settings) =>
      read(async () => {
        if (query.index === undefined) return store.query(query, settings)
        const name = JSON.stringify(query)
        const old = behind.get(name)
        if (old !== undefined && faults.take('index', process.name)) return old
        const page = await store.query(query, settings)
        behind.set(name, page as never)
        return page
      }),
  }
}
