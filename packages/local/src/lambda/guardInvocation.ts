import type { FunctionRecord } from './FunctionRecord.js'
import { type Outcome, outOfMemory, timedOut } from './Outcome.js'
import { readRssMb } from './readRssMb.js'

/** Starting may take so long before it counts against the timeout. */
const initLimitMs = 10_000
const memoryCheckMs = 100

/** Holds one invocation to the function's timeout and memory size. */
export function guardInvocation(parameters: {
  requestId: string
  record: FunctionRecord
  pid: number | undefined
  /** Called when a limit is passed, with what becomes the result. */
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
    /** The code is loaded: from here the function's own timeout counts. */
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
