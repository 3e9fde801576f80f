import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { readJsonSync, writeFileSoonSync } from '../store/atomicFile.js'
import type { LogEvent, LogGroup } from './LogGroup.js'

export type LogStore = {
  /** Whether the folder did not contain a store before. */
  isNew: boolean
  /** Groups by name. */
  groups(): LogGroup[]
  group(name: string): LogGroup | undefined
  /** The change is on disk once this returns. */
  save(group: LogGroup): void
  remove(name: string): void
  /** Events within the retention, oldest first. */
  events(name: string): readonly LogEvent[]
  /** The events are in memory immediately, and on disk shortly afterwards. */
  add(name: string, event: Omit<LogEvent, 'position'>): void
  /** Writes pending events to disk. */
  flush(): void
}

// The limit per group. The oldest events are dropped first.
const maxEvents = 20_000
const maxBytes = 8 * 1024 * 1024
const maxMessageBytes = 256 * 1024

type Log = { events: LogEvent[]; bytes: number; next: number; unsaved: string }

/** Log groups with as many events as fit, one file each. */
export function createLogStore(folder: string, now: () => number): LogStore {
  const isNew = !existsSync(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const groupsPath = join(folder, 'groups.json')
  const file = readJsonSync(groupsPath) as { groups: LogGroup[] } | undefined
  const groups = new Map(
    (file?.groups ?? []).map((group) => [group.name, group]),
  )
  const logs = new Map<string, Log>()
  let timer: NodeJS.Timeout | undefined
  const pathOf = (name: string) =>
    join(folder, `${createHash('sha256').update(name).digest('hex')}.events`)
  const write = () => {
    const all = [...groups.values()]
    const text = JSON.stringify({ format: 1, groups: all }, null, 1)
    writeFileSoonSync(groupsPath, `${text}\n`)
  }
  const logOf = (name: string): Log => {
    const known = logs.get(name)
    if (known) return known
    const events = readEvents(pathOf(name))
    const log: Log = {
      events,
      bytes: events.reduce((sum, { message }) => sum + message.length, 0),
      next: (events.at(-1)?.position ?? -1) + 1,
      unsaved: '',
    }
    logs.set(name, log)
    return log
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    for (const [name, log] of logs) {
      if (log.unsaved === '') continue
      const isFull = log.events.length > maxEvents || log.bytes > maxBytes
      if (isFull) {
        const kept = log.events.splice(0, Math.ceil(log.events.length / 2))
        for (const { message } of kept) log.bytes -= message.length
        writeFileSoonSync(pathOf(name), log.events.map(toLine).join(''))
      } else appendFileSync(pathOf(name), log.unsaved, { mode: 0o600 })
      log.unsaved = ''
    }
  }
  // A function's last line may arrive after the home has been closed and
  // removed.
  const flushIfKept = () => {
    if (existsSync(folder)) flush()
  }
  return {
    isNew,
    groups: () =>
      [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    group: (name) => groups.get(name),
    save(group) {
      groups.set(group.name, group)
      write()
    },
    remove(name) {
      groups.delete(name)
      write()
      logs.delete(name)
      rmSync(pathOf(name), { force: true })
    },
    events(name) {
      const { events } = logOf(name)
      const days = groups.get(name)?.retentionInDays
      if (days === undefined) return events
      const oldest = now() - days * 86_400_000
      return events.filter(({ at }) => at >= oldest)
    },
    add(name, { message, ...given }) {
      const log = logOf(name)
      const event: LogEvent = {
        ...given,
        message: message.slice(0, maxMessageBytes),
        position: log.next,
      }
      log.next += 1
      log.events.push(event)
      log.bytes += event.message.length
      log.unsaved += toLine(event)
      timer ??= setTimeout(flushIfKept, 200).unref()
    },
    flush,
  }
}

function toLine(event: LogEvent): string {
  return `${JSON.stringify(event)}\n`
}

function readEvents(path: string): LogEvent[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  const events = lines.flatMap((line): LogEvent[] => {
    try {
      return line === '' ? [] : [JSON.parse(line)]
    } catch {
      // A kill cut this line short.
      return []
    }
  })
  // New content must begin on its own line.
  if (lines.at(-1) !== '') writeFileSoonSync(path, events.map(toLine).join(''))
  return events
}
