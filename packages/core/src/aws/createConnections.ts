import type net from 'node:net'
import { createSocketOpener } from './createSocketOpener.js'

/** What is to become of a connection after some bytes. */
export type Verdict = 'more' | 'keep' | 'close'

export type Connections = {
  /**
   * Sends a request and hands over what comes back. One that may be done twice
   * is sent again over a new connection when a kept one turns out to be dead.
   *
   * @param options.hear - Says when the answer is there. What it throws ends
   * the connection.
   * @param options.signal - Aborted when nobody waits for the answer any more.
   * @param options.once - It must not be done twice: it goes over a connection
   * that is new or was used a moment ago, and is sent no second time.
   * @returns what ended it otherwise; undefined when it was heard to the end,
   * or the peer closed
   */
  send(request: string, options: SendOptions): Promise<Outcome>
}

type SendOptions = {
  timeoutMs: number
  signal?: AbortSignal | undefined
  once?: boolean | undefined
  hear: (chunk: Buffer) => Verdict
}

type Outcome = Error | 'late' | 'stopped' | undefined

type Call = {
  request: string
  once: boolean
  hear: (chunk: Buffer) => Verdict
  resolve: (outcome: Outcome) => void
  /** Stops what would end it from outside. */
  release: () => void
  /** While it waits for one, and after it is over: none. */
  connection: Connection | undefined
  /** Something has come back. */
  isHeard: boolean
  /** It was sent over a kept connection that turned out to be dead. */
  isRepeated: boolean
  /** Runs while a connection that lay idle has not said a word. */
  patience: NodeJS.Timeout | undefined
}

type Connection = {
  socket: net.Socket
  call: Call | undefined
  /** When it was last kept, in ms since 1970; undefined on its first request. */
  keptAt: number | undefined
  error: Error | undefined
}

const maxSockets = 64
/** Within so long, a peer or what is between does not forget a connection. */
const aliveMs = 2000
/** What lay idle for longer may be dead without anybody having said so. */
const maxIdleMs = 20_000
/** What lay idle gets so long for its first byte. */
const patienceMs = 1000

/**
 * By the wall clock: in an environment that was frozen, timers and the
 * monotonic clock stood still. A clock that was set back proves nothing.
 */
function isIdleFor(connection: Connection, ms: number): boolean {
  const idleMs = Date.now() - (connection.keptAt ?? 0)
  return idleMs > ms || idleMs < 0
}

/** Connections to one endpoint, each for one request at a time, and kept. */
export function createConnections(endpoint: URL): Connections {
  const openSocket = createSocketOpener(endpoint)
  /** Those that were kept last come last. */
  const kept: Connection[] = []
  const waiting: Call[] = []
  let open = 0

  function connect(): Connection {
    const socket = openSocket()
    const own: Connection = {
      socket,
      call: undefined,
      keptAt: undefined,
      error: undefined,
    }
    open++
    socket.on('data', (chunk: Buffer) => take(own, chunk))
    socket.on('error', (error) => {
      own.error = error
    })
    socket.on('close', () => {
      open--
      drop(own)
      lose(own)
      startNext()
    })
    return own
  }

  function drop(connection: Connection): void {
    const at = kept.indexOf(connection)
    if (at < 0) return
    kept.splice(at, 1)
    connection.socket.destroy()
  }

  /** Undefined when it has to wait for one. */
  function find(call: Call): Connection | undefined {
    for (const one of [...kept]) if (isIdleFor(one, maxIdleMs)) drop(one)
    const last = kept.at(-1)
    if (last !== undefined && !(call.once && isIdleFor(last, aliveMs)))
      return kept.pop()
    if (open < maxSockets) return connect()
    // Makes room for a new one.
    if (last !== undefined) drop(last)
    return undefined
  }

  function start(call: Call, connection: Connection): void {
    call.connection = connection
    connection.call = call
    connection.socket.ref()
    connection.socket.write(call.request)
    if (connection.keptAt === undefined || call.once) return
    if (isIdleFor(connection, aliveMs))
      call.patience = setTimeout(() => giveUp(connection), patienceMs)
  }

  function startNext(): void {
    const [next] = waiting
    const connection = next && find(next)
    if (connection === undefined) return
    waiting.shift()
    start(next as Call, connection)
  }

  function take(connection: Connection, chunk: Buffer): void {
    const { call, socket } = connection
    // Nobody has asked.
    if (call === undefined) {
      socket.destroy()
      return
    }
    call.isHeard = true
    clearTimeout(call.patience)
    const verdict = listen(call, chunk)
    if (verdict === 'more') return
    // A peer that answers before it has heard all may not read the rest.
    const isUsable = verdict === 'keep' && socket.writableLength === 0
    if (!isUsable) {
      finish(call, verdict instanceof Error ? verdict : undefined)
      return
    }
    connection.call = undefined
    connection.keptAt = Date.now()
    socket.unref()
    kept.push(connection)
    settle(call, undefined)
    startNext()
  }

  function listen(call: Call, chunk: Buffer): Verdict | Error {
    try {
      return call.hear(chunk)
    } catch (error) {
      return error as Error
    }
  }

  /** Ends the connection as well. */
  function finish(call: Call, outcome: Outcome): void {
    const { connection } = call
    settle(call, outcome)
    if (connection === undefined) return
    connection.call = undefined
    connection.socket.destroy()
  }

  function settle(call: Call, outcome: Outcome): void {
    call.release()
    clearTimeout(call.patience)
    call.connection = undefined
    call.resolve(outcome)
  }

  /** What lay idle for as long as this silent one is no better. */
  function giveUp(connection: Connection): void {
    const { keptAt = 0 } = connection
    for (const one of [...kept]) if ((one.keptAt ?? 0) <= keptAt) drop(one)
    connection.socket.destroy()
  }

  /** The connection is closed. */
  function lose(connection: Connection): void {
    const { call, keptAt, error } = connection
    connection.call = undefined
    if (call === undefined) return
    clearTimeout(call.patience)
    // It was closed while it lay idle; that is no fault, and one more try on a
    // new one is free. But the peer may have carried it out before it closed.
    const isStale =
      keptAt !== undefined && !call.isHeard && !call.isRepeated && !call.once
    if (isStale) {
      call.isRepeated = true
      start(call, connect())
    } else settle(call, error)
  }

  return {
    send: (request, { timeoutMs, signal, once = false, hear }) =>
      new Promise((resolve) => {
        const end = (outcome: 'late' | 'stopped') => {
          const at = waiting.indexOf(call)
          if (at >= 0) waiting.splice(at, 1)
          finish(call, outcome)
        }
        const timer = setTimeout(() => end('late'), timeoutMs)
        const stop = () => end('stopped')
        const call: Call = {
          request,
          once,
          hear,
          resolve,
          release() {
            clearTimeout(timer)
            signal?.removeEventListener('abort', stop)
          },
          connection: undefined,
          isHeard: false,
          isRepeated: false,
          patience: undefined,
        }
        if (signal?.aborted) return stop()
        signal?.addEventListener('abort', stop)
        const connection = find(call)
        if (connection !== undefined) start(call, connection)
        else waiting.push(call)
      }),
  }
}
