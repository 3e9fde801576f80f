import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomicSync } from '../store/atomicFile.js'
import type { JsonObject } from './Json.js'

/** One event of a stack or of one of its resources. */
export type StackEvent = {
  eventId: string
  logicalId: string
  physicalId: string
  type: string
  /** Milliseconds since 1970. */
  at: number
  status: string
  reason?: string
  properties?: JsonObject
  /** The token of the operation's request. */
  requestToken?: string
  /** Id of the operation, shared by all its events. */
  operationId?: string
}

export type EventLog = {
  /** Oldest first. */
  list(stackId: string): readonly StackEvent[]
  add(stackId: string, event: Omit<StackEvent, 'eventId' | 'at'>): StackEvent
  remove(stackId: string): void
}

// Limit per stack; the oldest are dropped first.
const maxEvents = 4000

/** Events of stacks, one file of lines per stack. */
export function createEventLog(folder: string): EventLog {
  const logs = new Map<string, StackEvent[]>()
  const pathOf = (stackId: string) =>
    join(folder, `${stackId.split('/').at(-1)}.events`)
  const read = (stackId: string): StackEvent[] => {
    const known = logs.get(stackId)
    if (known) return known
    const path = pathOf(stackId)
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const events = text.split('\n').flatMap((line): StackEvent[] => {
      try {
        return line === '' ? [] : [JSON.parse(line)]
      } catch {
        // A kill cut off the last line.
        return []
      }
    })
    if (text !== '' && !text.endsWith('\n')) write(stackId, events)
    logs.set(stackId, events)
    return events
  }
  const write = (stackId: string, events: readonly StackEvent[]) =>
    writeFileAtomicSync(
      pathOf(stackId),
      events.map((each) => `${JSON.stringify(each)}\n`).join(''),
    )
  return {
    list: read,
    add(stackId, given) {
      const events = read(stackId)
      const last = events.at(-1)?.at ?? 0
      const event: StackEvent = {
        ...given,
        eventId: `${given.logicalId}-${randomUUID()}`,
        // No two events share a time, so that times give their order.
        at: Math.max(Date.now(), last + 1),
      }
      events.push(event)
      if (events.length > maxEvents) {
        events.splice(0, maxEvents / 2)
        write(stackId, events)
      } else
        appendFileSync(pathOf(stackId), `${JSON.stringify(event)}\n`, {
          mode: 0o600,
        })
      return event
    },
    remove(stackId) {
      rmSync(pathOf(stackId), { force: true })
      logs.delete(stackId)
    },
  }
}
