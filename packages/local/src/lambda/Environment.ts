// Over 300 lines, because the states of one process (starting, idle, frozen,
// working, dead) share their variables.

import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CodeStore } from './CodeStore.js'
import { type FunctionRecord, toLogGroup } from './FunctionRecord.js'
import { guardInvocation } from './guardInvocation.js'
import { createInvocationLog, type InvocationLog } from './InvocationLog.js'
import * as Outcome from './Outcome.js'
import { passesLevel } from './passesLevel.js'
import type { RespondNext, RuntimeApi, RuntimeSession } from './RuntimeApi.js'
import { readLines } from './readLines.js'
import { bootstrapPath, spawnRuntime } from './spawnRuntime.js'
import {
  type SessionCredentials,
  toChildEnvironment,
} from './toChildEnvironment.js'
import type { Watchdog } from './Watchdog.js'

export type Invocation = {
  requestId: string
  payload: Buffer
  invokedFunctionArn: string
  /** JSON, in ASCII. */
  clientContext?: string | undefined
}

export type InvocationResult = {
  payload: Buffer
  /** Set if the function failed, e.g. `Sandbox.Timedout`. */
  errorType: string | undefined
  /** The last 4 KB of the log, in base64. */
  logTail: string
}

/** A process with one function. It handles one invocation at a time. */
export type Environment = {
  readonly record: FunctionRecord
  isAlive(): boolean
  /** Never rejects because of the function, whose failure is also a result. */
  invoke(invocation: Invocation): Promise<InvocationResult>
  kill(): void
  /** Resolves once the process has ended and its files are removed. */
  readonly gone: Promise<void>
}

export type LogEntry = {
  functionName: string
  version: string
  /** The principal whose credentials write the log. */
  roleArn: string
  logGroup: string
  logStream: string
  line: string
}

export type EnvironmentContext = {
  region: string
  endpoint: () => string
  rpcUrl?: string | undefined
  issueCredentials: (
    roleArn: string,
    sessionName: string,
  ) => SessionCredentials | Promise<SessionCredentials>
  now: () => number
  log: (entry: LogEntry) => void
  code: CodeStore
  runtimeApi: RuntimeApi
  watchdog: Watchdog
  /** Parent of the processes' private folders. */
  scratchRoot: string
  /**
   * If set, the process is frozen between invocations, as in AWS. Before it
   * resumes, this is called with the length of the freeze and the process's
   * credentials.
   */
  onThaw?: ((accessKeyId: string, frozenMs: number) => void) | undefined
}

type Init = { ms: number } | { fail: (requestId: string) => Outcome.Outcome }
type Current = { requestId: string; settle: (outcome: Outcome.Outcome) => void }

function toLogStream(version: string, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`
}

function toTraceId(now: number): string {
  const time = Math.floor(now / 1000).toString(16)
  const [root, parent] = [randomBytes(12), randomBytes(8)]
  return `Root=1-${time}-${root.toString('hex')};Parent=${parent.toString('hex')};Sampled=0`
}

/** Starts a process for `record`, which loads the code immediately. */
export async function createEnvironment(
  context: EnvironmentContext,
  record: FunctionRecord,
): Promise<Environment> {
  const { runtimeApi, watchdog, now } = context
  const logStream = toLogStream(record.version, now())
  const { name: functionName, version } = record
  let alive = true
  let isFirst = true
  let maxRssMb = 0
  let log: InvocationLog | undefined
  let current: Current | undefined
  let respond: RespondNext | undefined
  let whenAsked: (() => void) | undefined
  let exit: Outcome.Exit | undefined
  let setInit: (init: Init) => void = () => undefined
  const initialised = new Promise<Init>((resolve) => {
    setInit = resolve
  })
  const { roleArn } = record
  const logGroup = toLogGroup(record)
  const writeOut = (line: string) =>
    context.log({ functionName, version, roleArn, logGroup, logStream, line })
  const early: string[] = []
  function onLine(line: string) {
    if (!passesLevel(record, line)) return
    if (log) log.write(line)
    else {
      early.push(line)
      writeOut(line)
    }
  }

  const credentials = await context.issueCredentials(
    record.roleArn,
    functionName,
  )
  const taskRoot = await realpath(context.code.taskRoot(record.codeSha256))
  await mkdir(context.scratchRoot, { recursive: true, mode: 0o700 })
  const scratch = await mkdtemp(
    join(await realpath(context.scratchRoot), 'env-'),
  )
  const session: RuntimeSession = {
    onNext(answer) {
      respond = answer
      if (freezes) freeze()
      setInit({ ms: performance.now() - startedAt })
      whenAsked?.()
    },
    onResponse(id, body, peak) {
      maxRssMb = Math.max(maxRssMb, peak.maxRssKb / 1024)
      if (current?.requestId === id) current.settle(Outcome.answered(body))
    },
    onError(id, body, peak) {
      maxRssMb = Math.max(maxRssMb, peak.maxRssKb / 1024)
      if (current?.requestId === id) current.settle(Outcome.threw(body))
    },
    onInitError(body) {
      alive = false
      setInit({ fail: () => Outcome.threw(body) })
    },
  }
  const door = await runtimeApi.open(session)
  const startedAt = performance.now()
  const child = spawnRuntime({
    env: toChildEnvironment({
      record,
      region: context.region,
      endpoint: context.endpoint(),
      rpcUrl: context.rpcUrl,
      credentials,
      logStream,
      runtimeApi: door.address,
      runtimeDir: dirname(bootstrapPath),
      taskRoot,
      scratch,
    }),
    memorySizeMb: record.memorySizeMb,
    taskRoot,
    scratch,
  })
  const { pid } = child
  if (pid !== undefined) watchdog.watch(pid)
  readLines(child.stdout, onLine)
  readLines(child.stderr, onLine)

  const gone = new Promise<void>((resolve) => {
    async function finish(last: Outcome.Exit) {
      if (exit) return
      exit = last
      alive = false
      door.close()
      if (pid !== undefined) watchdog.forget(pid)
      // The process's last output is still in the pipes: see settle below.
      await nextTurn()
      await nextTurn()
      const fail = (id: string) => Outcome.exited(id, last)
      setInit({ fail })
      current?.settle(fail(current.requestId))
      await rm(scratch, { recursive: true, force: true })
      resolve()
    }
    child.once('exit', (code, signal) => finish({ code, signal }))
    child.once('error', () => finish({ code: 1, signal: null }))
  })

  /** Called once the process waits for its next invocation. */
  let freezes = false
  let frozenAt: number | undefined
  function freeze() {
    freezes = false
    if (pid === undefined || exit || !alive) return
    frozenAt = Date.now()
    process.kill(pid, 'SIGSTOP')
  }
  function thaw() {
    freezes = false
    if (frozenAt === undefined || pid === undefined || exit) return
    context.onThaw?.(credentials.accessKeyId, Date.now() - frozenAt)
    frozenAt = undefined
    process.kill(pid, 'SIGCONT')
  }

  function kill() {
    alive = false
    if (pid === undefined || exit) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // The process has just ended by itself.
    }
  }

  const settled = (requestId: string) =>
    new Promise<Outcome.Outcome>((settle) => {
      current = { requestId, settle }
    })

  function deliver({ requestId, payload, ...rest }: Invocation, end: number) {
    const send = () => {
      whenAsked = undefined
      const answer = respond
      respond = undefined
      answer?.(
        {
          'lambda-runtime-aws-request-id': requestId,
          'lambda-runtime-deadline-ms': String(Math.floor(end)),
          'lambda-runtime-invoked-function-arn': rest.invokedFunctionArn,
          'lambda-runtime-trace-id': toTraceId(now()),
          ...(rest.clientContext === undefined
            ? {}
            : { 'lambda-runtime-client-context': rest.clientContext }),
        },
        payload,
      )
    }
    if (respond) send()
    else whenAsked = send
  }

  /** Ends the invocation and the process from outside. */
  function stop(outcome: Outcome.Outcome) {
    kill()
    setInit({ fail: () => outcome })
    current?.settle(outcome)
  }

  async function invoke(invocation: Invocation): Promise<InvocationResult> {
    const { requestId } = invocation
    thaw()
    const lines = createInvocationLog(record, now, writeOut)
    const guard = guardInvocation({
      requestId,
      record,
      pid,
      stop,
      onRss: (rssMb) => {
        maxRssMb = Math.max(maxRssMb, rssMb)
      },
    })
    const settling = settled(requestId)
    const init = await initialised
    for (const line of early.splice(0)) lines.keep(line)
    log = lines
    lines.start(requestId)
    const begin = performance.now()
    let initDurationMs: number | undefined
    let outcome: Outcome.Outcome
    if ('fail' in init) outcome = init.fail(requestId)
    else {
      guard.begin()
      if (isFirst) initDurationMs = init.ms
      isFirst = false
      deliver(invocation, Date.now() + record.timeoutS * 1000)
      outcome = await settling
      // The function wrote its last line before it posted its answer, so the
      // line is already in the pipe, and one full turn of the event loop reads
      // it. The first of the two waits may only end the current turn.
      await nextTurn()
      await nextTurn()
    }
    guard.end()
    current = undefined
    whenAsked = undefined
    if (outcome.logLine !== undefined) lines.fail(outcome.logLine)
    lines.report(requestId, {
      status: outcome.status,
      errorType: outcome.errorType,
      durationMs:
        outcome.status === 'timeout'
          ? record.timeoutS * 1000
          : performance.now() - begin,
      initDurationMs,
      maxMemoryUsedMb: Math.min(Math.ceil(maxRssMb), record.memorySizeMb),
    })
    log = undefined
    if (context.onThaw !== undefined) {
      if (respond) freeze()
      else freezes = true
    }
    return {
      payload: outcome.payload,
      errorType: outcome.errorType,
      logTail: lines.tail(),
    }
  }

  return { record, isAlive: () => alive, invoke, kill, gone }
}
