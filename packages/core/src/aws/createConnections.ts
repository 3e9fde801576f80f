import net from 'node:net'
import tls from 'node:tls'

/** What is to become of a connection after some bytes. */
export type Verdict = 'more' | 'keep' | 'close'

export type Connections = {
  /**
   * Sends a request and hands over what comes back.
   *
   * @param options.hear - Says when the answer is there. What it throws ends
   * the connection.
   * @param options.signal - Aborted when nobody waits for the answer any more.
   * @returns what ended it otherwise; undefined when it was heard to the end,
   * or the peer closed
   */
  send(
    request: string,
    options: {
      timeoutMs: number
      signal?: AbortSignal | undefined
      hear: (chunk: Buffer) => Verdict
    },
  ): Promise<Outcome>
}

type Outcome = Error | 'late' | 'stopped' | undefined

type Call = {
  request: string
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
}

type Connection = {
  socket: net.Socket
  call: Call | undefined
  wasKept: boolean
  error: Error | undefined
}

const maxSockets = 64

/** Connections to one endpoint, each for one request at a time, and kept. */
export function createConnections(endpoint: URL): Connections {
  const kept: Connection[] = []
  const waiting: Call[] = []
  let open = 0
  let session: Buffer | undefined

  function connect(): Connection {
    const host = endpoint.hostname.replace(/^\[|\]$/g, '')
    const isTls = endpoint.protocol === 'https:'
    const port = Number(endpoint.port) || (isTls ? 443 : 80)
    const socket = isTls
      ? tls.connect({
          host,
          port,
          session,
          ALPNProtocols: ['http/1.1'],
          // An address has no name to ask for.
          ...(net.isIP(host) === 0 ? { servername: host } : {}),
        })
      : net.connect({ host, port })
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 1000)
    const own: Connection = {
      socket,
      call: undefined,
      wasKept: false,
      error: undefined,
    }
    open++
    socket.on('data', (chunk: Buffer) => take(own, chunk))
    socket.on('session', (next: Buffer) => {
      session = next
    })
    socket.on('error', (error) => {
      own.error = error
      session = undefined
    })
    socket.on('close', () => {
      open--
      const at = kept.indexOf(own)
      if (at >= 0) kept.splice(at, 1)
      lose(own)
      startNext()
    })
    return own
  }

  function start(call: Call, connection: Connection): void {
    call.connection = connection
    connection.call = call
    connection.socket.ref()
    connection.socket.write(call.request)
  }

  function startNext(): void {
    if (kept.length === 0 && open >= maxSockets) return
    const next = waiting.shift()
    if (next !== undefined) start(next, kept.pop() ?? connect())
  }

  function take(connection: Connection, chunk: Buffer): void {
    const { call, socket } = connection
    // Nobody has asked.
    if (call === undefined) {
      socket.destroy()
      return
    }
    call.isHeard = true
    const verdict = listen(call, chunk)
    if (verdict === 'more') return
    // A peer that answers before it has heard all may not read the rest.
    const isUsable = verdict === 'keep' && socket.writableLength === 0
    if (!isUsable) {
      finish(call, verdict instanceof Error ? verdict : undefined)
      return
    }
    connection.call = undefined
    connection.wasKept = true
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
    call.connection = undefined
    call.resolve(outcome)
  }

  /** The connection is closed. */
  function lose(connection: Connection): void {
    const { call, wasKept, error } = connection
    connection.call = undefined
    if (call === undefined) return
    // It was closed while it lay idle; that is no fault, and one more try on a
    // new one is free.
    const isStale = wasKept && !call.isHeard && !call.isRepeated
    if (isStale) {
      call.isRepeated = true
      start(call, connect())
    } else settle(call, error)
  }

  return {
    send: (request, { timeoutMs, signal, hear }) =>
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
          hear,
          resolve,
          release() {
            clearTimeout(timer)
            signal?.removeEventListener('abort', stop)
          },
          connection: undefined,
          isHeard: false,
          isRepeated: false,
        }
        if (signal?.aborted) return stop()
        signal?.addEventListener('abort', stop)
        const free = kept.pop()
        if (free !== undefined) start(call, free)
        else if (open < maxSockets) start(call, connect())
        else waiting.push(call)
      }),
  }
}
