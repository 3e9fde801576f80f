import type { CallOptions } from '../KeyService.js'
import { SigningTimeoutError, waitFor } from '../waitFor.js'
import { type Cryptoki, type Handle, is } from './Cryptoki.js'
import {
  flag,
  lostReturnValues,
  pinReturnValues,
  userType,
} from './constants.js'
import { Pkcs11Error, Pkcs11PinError, Pkcs11TimeoutError } from './errors.js'
import { findSlot, type TokenName } from './findSlot.js'
import type { Session } from './Session.js'

export type Sessions = {
  /**
   * Runs work in a session that nothing else uses at the same time. If the
   * token reports that the session, login or handles are gone, it runs the work
   * once more in a new session.
   *
   * @throws Pkcs11PinError, Pkcs11TimeoutError, Pkcs11ConfigurationError,
   * Pkcs11Error, and the signal's reason
   */
  run<value>(
    what: string,
    work: (session: Session) => Promise<value>,
    options?: CallOptions,
  ): Promise<value>
  /** Counts restarts: handles from an earlier era are invalid. */
  readonly era: number
  close(): Promise<void>
}

/** One session per worker, because a session does one thing at a time. */
export function createSessions(
  cryptoki: Cryptoki,
  settings: {
    token: TokenName
    pin: string
    count: number
    /** A CKU_ value. @default the crypto user */
    user?: number
  },
): Sessions {
  const idle: Worker[] = Array.from({ length: settings.count }, () => ({
    session: undefined,
  }))
  const waiting: ((worker: Worker) => void)[] = []
  let era = 0
  let refused: Pkcs11PinError | undefined
  let isClosed = false

  function take(): Promise<Worker> {
    const worker = idle.pop()
    return worker === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(worker)
  }

  function giveBack(worker: Worker): void {
    const next = waiting.shift()
    if (next === undefined) idle.push(worker)
    else next(worker)
  }

  async function open(): Promise<Session> {
    if (refused !== undefined) throw refused
    const token = await findSlot(cryptoki, settings.token)
    const flags = flag.serialSession | flag.readWrite
    const handle: Handle[] = [0]
    await cryptoki.call('C_OpenSession', token.slot, flags, null, null, handle)
    const session = { handle: handle[0] ?? 0, token, cryptoki }
    await logIn(session).catch(async (error: unknown) => {
      await closeQuietly(session)
      throw error
    })
    return session
  }

  async function logIn({ handle }: Session): Promise<void> {
    if (refused !== undefined) throw refused
    const pin = Buffer.from(settings.pin, 'utf8')
    try {
      const user = settings.user ?? userType.user
      await cryptoki.call('C_Login', handle, user, pin, pin.length)
    } catch (error) {
      // A login belongs to the process, not to the session.
      if (is(error, 'CKR_USER_ALREADY_LOGGED_IN')) return
      if (!(error instanceof Pkcs11Error)) throw error
      if (!pinReturnValues.has(error.returnValue)) throw error
      refused = new Pkcs11PinError(error.returnValue)
      throw refused
    } finally {
      pin.fill(0)
    }
  }

  async function closeQuietly({ handle }: Session): Promise<void> {
    // The session may already be gone.
    await cryptoki.call('C_CloseSession', handle).catch(() => {})
  }

  async function forget(worker: Worker): Promise<void> {
    const { session } = worker
    worker.session = undefined
    if (session !== undefined) await closeQuietly(session)
  }

  async function attempt<value>(
    worker: Worker,
    work: (session: Session) => Promise<value>,
  ): Promise<value> {
    if (worker.session !== undefined && worker.era !== era) await forget(worker)
    const begun = era
    worker.era = begun
    try {
      worker.session ??= await open()
      return await work(worker.session)
    } catch (error) {
      await forget(worker)
      // Several workers may notice this at the same time.
      if (isLost(error) && era === begun) era++
      throw error
    }
  }

  async function inTurn<value>(
    work: (session: Session) => Promise<value>,
    { deadline = Number.POSITIVE_INFINITY, signal }: CallOptions,
  ): Promise<value> {
    const worker = await take()
    try {
      // Stop if nobody waits for the result any more.
      signal?.throwIfAborted()
      if (Date.now() > deadline)
        throw new Pkcs11TimeoutError('finish earlier calls')
      return await attempt(worker, work).catch((error: unknown) => {
        if (!isLost(error)) throw error
        return attempt(worker, work)
      })
    } finally {
      if (isClosed) await forget(worker)
      giveBack(worker)
    }
  }

  return {
    get era() {
      return era
    },
    async run(what, work, options = {}) {
      if (refused !== undefined) throw refused
      const done = inTurn(work, options)
      done.catch(() => {})
      try {
        return await waitFor(done, what, options)
      } catch (error) {
        throw error instanceof SigningTimeoutError
          ? new Pkcs11TimeoutError(what)
          : error
      }
    },
    async close() {
      isClosed = true
      await Promise.all(idle.map(forget))
    },
  }
}

type Worker = {
  session: Session | undefined
  /** The era in which its session was opened. */
  era?: number
}

function isLost(error: unknown): boolean {
  return error instanceof Pkcs11Error && lostReturnValues.has(error.returnValue)
}
