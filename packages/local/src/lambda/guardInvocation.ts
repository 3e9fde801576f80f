import type { FunctionRecord } from './FunctionRecord.js'
import { type Outcome, outOfMemory, timedOut } from './Outcome.js'
import { readRssMb } from './readRssMb.js'

/** The time allowed for starting, before it counts against the timeout. */
const initLimitMs = 10_000
const memoryCheckMs = 100

/** Enforces the function's timeout and memory size for one invocation. */
export function guardInvocation(parameters: {
  requestId: string
  record: FunctionRecord
  pid: number | undefined
  /** Called when a limit is exceeded, with the result of the invocation. */
  stop: (outcome: Outcome) => void
  onRss: (rssMb: number) => void
}) {
  const { requestId, record, pid, stop, onRss } = parameters
  const timeoutMs = record.timeoutS * 1000
  const stopAfter = (ms: number) =>
    setTimeout(() => stop(timedOut(requestId, record.timeoutS)), ms)
  let isOver = false
  let timer = stopAfter(initLimitMs + timeoutMs)
  const checker = setInterval(async () => {
    const rssMb = pid === undefined ? undefined : await readRssMb(pid)
    if (isOver || rssMb === undefined) return
    onRss(rssMb)
    if (rssMb > record.memorySizeMb) stop(outOfMemory(requestId))
  }, memoryCheckMs)
  return {
    /**
     * Called once the code is loaded. From then on, the function's own timeout
     * counts.
     */
    begin() {
      clearTimeout(timer)
      timer = stopAfter(timeoutMs)
    },
    end() {
      isOver = true
      clearTimeout(timer)
      clearInterval(checker)
    },
  }
}
