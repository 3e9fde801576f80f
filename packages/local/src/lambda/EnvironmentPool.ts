import { AwsError } from '../protocol/Service.js'
import type {
  Environment,
  Invocation,
  InvocationResult,
} from './Environment.js'
import type { FunctionRecord } from './FunctionRecord.js'

/**
 * The warm environments, and the limits on how many invocations run at once.
 */
export type EnvironmentPool = {
  /** @throws AwsError TooManyRequestsException (429) before anything runs. */
  invoke(
    target: { record: FunctionRecord; reserved: number | undefined },
    invocation: Invocation,
  ): Promise<InvocationResult>
  /** Ends environments that have older code or configuration. */
  retire(name: string, current: readonly FunctionRecord[]): void
  close(): Promise<void>
}

function tooMany(reason: string): AwsError & { reason: string } {
  const error = new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429)
  return Object.assign(error, { reason })
}

/** Environments with the same code and configuration are interchangeable. */
const keyOf = ({ name, version, revisionId }: FunctionRecord) =>
  `${name}:${version}:${revisionId}`

export function createEnvironmentPool(parameters: {
  create: (record: FunctionRecord) => Promise<Environment>
  /** The limit that all functions without a reservation share. */
  maxConcurrency: number
  idleMs: number
}): EnvironmentPool {
  const { create, maxConcurrency, idleMs } = parameters
  const everyone = new Set<Environment>()
  const starting = new Set<Promise<Environment>>()
  /**
   * The environments by key. The most recently used one is taken first, so that
   * the others can expire.
   */
  const idle = new Map<
    string,
    { environment: Environment; timer: NodeJS.Timeout }[]
  >()
  const retired = new Set<string>()
  const running = new Map<string, number>()
  let runningUnreserved = 0
  let closed = false

  async function start(record: FunctionRecord): Promise<Environment> {
    const promise = create(record)
    starting.add(promise)
    const environment = await promise.finally(() => starting.delete(promise))
    everyone.add(environment)
    environment.gone.then(() => everyone.delete(environment))
    if (closed) environment.kill()
    return environment
  }

  function takeIdle(key: string): Environment | undefined {
    const waiting = idle.get(key) ?? []
    for (let last = waiting.pop(); last; last = waiting.pop()) {
      clearTimeout(last.timer)
      if (last.environment.isAlive()) return last.environment
    }
    return undefined
  }

  function putIdle(key: string, environment: Environment) {
    if (closed || retired.has(key)) return environment.kill()
    if (!environment.isAlive()) return
    const waiting = idle.get(key) ?? []
    idle.set(key, waiting)
    const timer = setTimeout(() => {
      idle.set(
        key,
        (idle.get(key) ?? []).filter((each) => each !== entry),
      )
      environment.kill()
    }, idleMs)
    timer.unref()
    const entry = { environment, timer }
    waiting.push(entry)
  }

  function reserve(name: string, reserved: number | undefined): () => void {
    const count = running.get(name) ?? 0
    if (reserved !== undefined && count >= reserved)
      throw tooMany('ReservedFunctionConcurrentInvocationLimitExceeded')
    if (reserved === undefined && runningUnreserved >= maxConcurrency)
      throw tooMany('ConcurrentInvocationLimitExceeded')
    running.set(name, count + 1)
    if (reserved === undefined) runningUnreserved++
    return () => {
      running.set(name, (running.get(name) ?? 1) - 1)
      if (reserved === undefined) runningUnreserved--
    }
  }

  return {
    async invoke({ record, reserved }, invocation) {
      if (closed) throw new AwsError('ServiceException', 'Stopping', 503)
      const release = reserve(record.name, reserved)
      const key = keyOf(record)
      try {
        const environment = takeIdle(key) ?? (await start(record))
        const result = await environment.invoke(invocation)
        putIdle(key, environment)
        return result
      } finally {
        release()
      }
    },
    retire(name, current) {
      const keep = new Set(current.map(keyOf))
      for (const key of keep) retired.delete(key)
      for (const environment of everyone) {
        const key = keyOf(environment.record)
        if (environment.record.name !== name || keep.has(key)) continue
        retired.add(key)
        for (let last = takeIdle(key); last; last = takeIdle(key)) last.kill()
      }
    },
    async close() {
      closed = true
      for (const waiting of idle.values())
        for (const { timer } of waiting) clearTimeout(timer)
      idle.clear()
      await Promise.allSettled(starting)
      const all = [...everyone]
      for (const environment of all) environment.kill()
      await Promise.all(all.map((environment) => environment.gone))
    },
  }
}
