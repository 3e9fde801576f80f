import type { FunctionRecord } from './FunctionRecord.js'

/** The limit of the log that `--log-type Tail` returns. */
const tailBytes = 4096

export type ReportStatus = 'success' | 'error' | 'timeout'

export type Report = {
  status: ReportStatus
  /** Set unless the status is success. */
  errorType?: string | undefined
  durationMs: number
  /** Set for the first invocation of an execution environment. */
  initDurationMs?: number | undefined
  maxMemoryUsedMb: number
}

/** The lines that Lambda logs for one invocation, in the function's format. */
export type InvocationLog = {
  start(requestId: string): void
  /** A line from start-up, which is already written but belongs to the tail. */
  keep(line: string): void
  /** A line that the function wrote, without its line feed. */
  write(line: string): void
  /**
   * Lambda's own message about a failure, which is written only in the text
   * format.
   */
  fail(line: string): void
  report(requestId: string, report: Report): void
  /** The last 4 KB, in base64. */
  tail(): string
}

const round = (ms: number) => Math.round(ms * 100) / 100

function toTextReport(record: FunctionRecord, id: string, report: Report) {
  const fields = [
    `REPORT RequestId: ${id}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(report.durationMs)} ms`,
    `Memory Size: ${record.memorySizeMb} MB`,
    `Max Memory Used: ${report.maxMemoryUsedMb} MB`,
  ]
  if (report.initDurationMs !== undefined)
    fields.push(`Init Duration: ${report.initDurationMs.toFixed(2)} ms`)
  if (report.status !== 'success') fields.push(`Status: ${report.status}`)
  if (report.status === 'error') fields.push(`Error Type: ${report.errorType}`)
  return `${fields.join('\t')}\t`
}

function toJsonReport(record: FunctionRecord, id: string, report: Report) {
  const { status, errorType, durationMs, initDurationMs } = report
  return {
    requestId: id,
    metrics: {
      durationMs: round(durationMs),
      billedDurationMs: Math.ceil(durationMs),
      memorySizeMB: record.memorySizeMb,
      maxMemoryUsedMB: report.maxMemoryUsedMb,
      ...(initDurationMs === undefined
        ? {}
        : { initDurationMs: round(initDurationMs) }),
    },
    status,
    ...(status === 'error' ? { errorType } : {}),
  }
}

export function createInvocationLog(
  record: FunctionRecord,
  now: () => number,
  onLine: (line: string) => void,
): InvocationLog {
  const isJson = record.logFormat === 'JSON'
  let text = Buffer.alloc(0)

  function keep(line: string) {
    text = Buffer.concat([text, Buffer.from(`${line}\n`)])
    if (text.length > tailBytes) text = text.subarray(-tailBytes)
  }

  function write(line: string) {
    onLine(line)
    keep(line)
  }

  const writeEvent = (type: string, content: object) =>
    write(
      JSON.stringify({
        time: new Date(now()).toISOString(),
        type,
        record: content,
      }),
    )

  return {
    start(requestId) {
      const { version } = record
      if (isJson) writeEvent('platform.start', { requestId, version })
      else write(`START RequestId: ${requestId} Version: ${version}`)
    },
    keep,
    write,
    fail(line) {
      if (!isJson) write(line)
    },
    report(requestId, report) {
      if (isJson)
        return writeEvent(
          'platform.report',
          toJsonReport(record, requestId, report),
        )
      write(`END RequestId: ${requestId}`)
      write(toTextReport(record, requestId, report))
    },
    tail: () => text.toString('base64'),
  }
}
