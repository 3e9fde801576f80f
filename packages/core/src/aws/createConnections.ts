import type net from 'node:net'
import { createSocketOpener } from './createSocketOpener.js'

/** What to do with a connection after it delivers some bytes. */
export type Verdict = 'more' | 'keep' | 'close'

export type Connections = {
  /**
   * Sends a request and passes on the response. If a kept connection turns out
   * to be dead, a repeatable request is sent again over a new one.
   *
   * @param options.hear - Decides when the response is complete. If it throws,
   * the connection is closed.
   * @param options.signal - Aborted when the answer is no longer wanted.
   * @param options.once - The request must not be sent twice. It goes over a
   * new or recently used connection and is never resent.
   * @returns the reason for a premature end; undefined if the response was
   * complete or the peer closed
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
  /** Stops listening for outside events that would end the call. */
  release: () => void
  /**
   * Undefined while the call waits for a connection, and after the call is
   * over.
   */
  connection: Connection | undefined
  /** Whether any bytes have come back. */
  isHeard: boolean
  /** Whether the request was resent because a kept connection was dead. */
  isRepeated: boolean
  /** Runs until a connection that was idle receives its first byte. */
  patience: NodeJS.Timeout | undefined
}

type Connection = {
  socket: net.Socket
  call: Call | undefined
  /**
   * When the connection last became idle, in ms since 1970; undefined during
   * its first request.
   */
  keptAt: number | undefined
  error: Error | undefined
}

const maxSockets = 64
/**
 * How long an idle connection is safe from being dropped by a peer or
 * middlebox.
 */
const aliveMs = 2000
/**
 * A connection that is idle for longer may be dead without either side knowing.
 */
const maxIdleMs = 20_000
/** How long an idle connection gets to deliver its first byte. */
const patienceMs = 1000

/**
 * Uses the wall clock, because timers and the monotonic clock stop while an
 * environment is frozen. If the clock was set back, the idle time is unknown.
 */
function isIdleFor(connection: Connection, ms: number): boolean {
  const idleMs = Date.now() - (connection.keptAt ?? 0)
  return idleMs > ms || idleMs < 0
}

/**
 * Connections to one endpoint. They are kept open, and each serves one request
 * at a time.
 */
export function createConnections(endpoint: URL): Connections {
  const openSocket = createSocketOpener(endpoint)
  /**
   * Idle connections in the order in which they were kept, most recent last.
   */
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

  /** Undefined if the call has to wait for a connection. */
  function find(call: Call): Connection | undefined {
    for (const one of [...kept]) if (isIdleFor(one, maxIdleMs)) drop(one)
    const last = kept.at(-1)
    if (last !== undefined && !(call.once && isIdleFor(last, aliveMs)))
      return kept.pop()
    if (open < maxSockets) return connect()
    // Make room for a new connection.
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
    // These bytes answer no request.
    if (call === undefined) {
      socket.destroy()
      return
    }
    call.isHeard = true
    clearTimeout(call.patience)
    const verdict = listen(call, chunk)
    if (verdict === 'more') return
    // A peer that answers before reading the whole request may never read the
    // rest.
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

  /** Also ends the connection. */
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

  /**
   * Drops this silent connection, and all others that have been idle at least
   * as long.
   */
  function giveUp(connection: Connection): void {
    const { keptAt = 0 } = connection
    for (const one of [...kept]) if ((one.keptAt ?? 0) <= keptAt) drop(one)
    connection.socket.destroy()
  }

  /** Handles a closed connection. */
  function lose(connection: Connection): void {
    const { call, keptAt, error } = connection
    connection.call = undefined
    if (call === undefined) return
    clearTimeout(call.patience)
    // The peer closed the connection while it was idle. That is not a fault,
    // and one retry on a new connection is free, but the peer may have run the
    // request before closing.
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
