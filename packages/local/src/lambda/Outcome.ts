import { maxResponseBytes } from './RuntimeApi.js'

/** The result of an invocation, before it is reported. */
export type Outcome = {
  /** The answer, or `{errorType, errorMessage}` if it failed. */
  payload: Buffer
  status: 'success' | 'error' | 'timeout'
  errorType?: string | undefined
  /** An additional log line, if Lambda itself ended the invocation. */
  logLine?: string
}

function failure(
  errorType: string,
  errorMessage: string,
  more: Partial<Outcome> = {},
): Outcome {
  const payload = Buffer.from(JSON.stringify({ errorType, errorMessage }))
  return { payload, status: 'error', errorType, ...more }
}

export function answered(body: Buffer | undefined): Outcome {
  if (body !== undefined) return { payload: body, status: 'success' }
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
  )
}

/** `body` is the function's error, as the runtime client posted it. */
export function threw(body: Buffer): Outcome {
  let errorType = 'Runtime.Unknown'
  try {
    const { errorType: posted } = JSON.parse(body.toString('utf8'))
    if (typeof posted === 'string') errorType = posted
  } catch {
    // What the function itself posted is passed on unchanged.
  }
  return { payload: body, status: 'error', errorType }
}

export function timedOut(id: string, timeoutS: number): Outcome {
  const text = `Task timed out after ${timeoutS.toFixed(2)} seconds`
  return failure('Sandbox.Timedout', `RequestId: ${id} Error: ${text}`, {
    status: 'timeout',
    logLine: `${new Date().toISOString()} ${id} ${text}\n`,
  })
}

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
}

export function exited(id: string, { code, signal }: Exit): Outcome {
  const reason =
    signal !== null
      ? `exited with error: signal: ${signalNames[signal] ?? signal}`
      : code === 0
        ? 'exited without providing a reason'
        : `exited with error: exit status ${code}`
  const text = `RequestId: ${id} Error: Runtime ${reason}`
  const logLine = `${text}\nRuntime.ExitError`
  return failure('Runtime.ExitError', text, { logLine })
}

export function outOfMemory(id: string): Outcome {
  const text = `RequestId: ${id} Error: Runtime exited with error: signal: killed`
  const logLine = `${text}\nRuntime.OutOfMemory`
  return failure('Runtime.OutOfMemory', text, { logLine })
}
